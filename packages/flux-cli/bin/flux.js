#!/usr/bin/env node
import '../dist/flux.js';
