#!/bin/sh
sed -i 's/  name: edited/  name: renamed/' "$1"
