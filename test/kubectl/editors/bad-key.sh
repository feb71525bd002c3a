#!/bin/sh
# Gives data a key that is refused, once.
grep -q '"bad key"' "$1" || sed -i 's/a: two/"bad key": two/' "$1"
