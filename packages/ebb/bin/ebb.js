#!/usr/bin/env node
import '../dist/ebb.js';
