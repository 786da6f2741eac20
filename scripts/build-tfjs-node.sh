#!/usr/bin/env bash
# Builds @tensorflow/tfjs-node in a folder of its own, without the download of its install script: its binding is compiled against the
# TensorFlow library of the Python package. Needs npm, g++ and Python 3 with venv.
#
#   scripts/build-tfjs-node.sh DIR && EVOPATCH_TFJS_NODE=DIR evopatch train --engine tfjs-node …
set -euo pipefail

VERSION=4.22.0 # of the TensorFlow.js in package.json
dir=${1:?Give the folder to build in}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

echo '{"private":true}' >"$dir/package.json"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error \
  "@tensorflow/tfjs-node@$VERSION" node-api-headers@1 >/dev/null

python3 -m venv "$dir/python"
"$dir/python/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu
tensorflow=$("$dir/python/bin/python" -c 'import importlib.util as u; print(u.find_spec("tensorflow").submodule_search_locations[0])')

cd "$dir/node_modules/@tensorflow/tfjs-node"
mkdir -p lib/napi-v8
g++ -O2 -std=c++17 -fPIC -shared \
  -I "$dir/node_modules/node-api-headers/include" -I "$tensorflow/include" -I . \
  binding/tfjs_backend.cc binding/tfjs_binding.cc -o lib/napi-v8/tfjs_binding.node \
  -L "$tensorflow" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 -Wl,-rpath,"$tensorflow"
