# syntax=docker/dockerfile:1
# Ebb's Flux as a runtime image: a base for applications where flux-core is not wanted, not root.
#   docker build -f deploy/docker/flux.Dockerfile -t ebb-flux .
# Use it with spec.flux.container.disable: true.
FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY packages ./packages
COPY scripts ./scripts
COPY deploy/dist ./deploy/dist
ARG SOURCE_DATE_EPOCH=0
# Beside the bundle stay only the packages with native parts, as the lock file has them.
RUN npm ci \
 && mkdir -p /opt/ebb/lib /opt/ebb/bin \
 && cp -r packages/flux-cli/dist /opt/ebb/lib/dist && find /opt/ebb/lib -name '*.map' -delete \
 && rm -rf node_modules \
 && npm ci --omit=dev --ignore-scripts --workspace packages/flux-broker \
 && rm -rf node_modules/@ebb node_modules/.bin && cp -r node_modules /opt/ebb/lib/node_modules \
 && printf '#!/bin/sh\nexec /usr/local/bin/node /opt/ebb/lib/dist/flux.js "$@"\n' > /opt/ebb/bin/flux && chmod 755 /opt/ebb/bin/flux

FROM node:20-bookworm-slim
COPY --from=build /opt/ebb /opt/ebb
ENV PATH=/opt/ebb/bin:$PATH
# The user `node` of the base image.
USER 1000
CMD ["flux", "--help"]
