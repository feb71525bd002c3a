#!/bin/sh
# Somebody else changes the object while it is edited.
grep -q 'a: two' "$1" || exit 0
"$KUBECTL" patch cm edited --type=merge -p '{"data":{"b":"other"}}' > /dev/null
sed -i 's/a: two/a: three/' "$1"
