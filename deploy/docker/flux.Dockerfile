# syntax=docker/dockerfile:1
# Ebb's Flux as a runtime image: a base for applications where flux-core is not wanted, not root.
#   docker build -f deploy/docker/flux.Dockerfile -t ebb-flux .
# Use it with spec.flux.container.disable: true.
FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY packages ./packages
COPY scripts ./scripts
ARG SOURCE_DATE_EPOCH=0
# Only the packages with native parts stay beside the bundle.
RUN npm ci \
 && mkdir -p /opt/ebb/lib/node_modules /opt/ebb/bin \
 && cp -r packages/flux-cli/dist /opt/ebb/lib/dist && find /opt/ebb/lib -name '*.map' -delete \
 && for package in zeromq lmdb @lmdb/lmdb-linux-x64 @lmdb/lmdb-linux-arm64 msgpackr ordered-binary weak-lru-cache node-addon-api node-gyp-build-optional-packages detect-libc; do \
      if [ -d "node_modules/$package" ]; then mkdir -p "/opt/ebb/lib/node_modules/$(dirname "$package")" && cp -r "node_modules/$package" "/opt/ebb/lib/node_modules/$package"; fi; \
    done \
 && printf '#!/bin/sh\nexec /usr/local/bin/node /opt/ebb/lib/dist/flux.js "$@"\n' > /opt/ebb/bin/flux && chmod 755 /opt/ebb/bin/flux

FROM node:20-bookworm-slim
RUN useradd --uid 1000 --create-home flux 2>/dev/null || true
COPY --from=build /opt/ebb /opt/ebb
ENV PATH=/opt/ebb/bin:$PATH
USER 1000
CMD ["flux", "--help"]
