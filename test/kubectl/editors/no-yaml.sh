#!/bin/sh
# Adds what is no YAML, once.
grep -q '{{{' "$1" || echo 'x: {{{' >> "$1"
