#!/bin/sh
# Changes what is there.
sed -i 's/a: one/a: two/' "$1"
