# Ebb's Flux as a runtime image: a base for applications where flux-core is not wanted, not root.
#   docker build -f deploy/docker/flux.Dockerfile -t ghcr.io/ebb-project/ebb-flux:0.1.0 .
# Use it with spec.flux.container.disable: true and, as it is not root, spec.pod.securityContext.fsGroup: 1000.
# The same source makes the same image: the base stands by digest (of the index of all platforms), packages by the lock file, and
# files bear the time that is given. See "A release" in CONTRIBUTING.md.
ARG BASE=node:22.23.3-bookworm-slim@sha256:43ac6c60b8f89723f746e8a92ce91abd5017e627ce1ddfe4238355d3a30b772c

FROM ${BASE} AS build
WORKDIR /src
COPY package.json package-lock.json tsconfig.json .npmrc ./
COPY packages ./packages
COPY scripts ./scripts
COPY deploy/dist ./deploy/dist
RUN npm ci --ignore-scripts && npm run build
# Beside the bundle stay only the packages with native parts, as the lock file has them: they bring them built.
ARG SOURCE_DATE_EPOCH=0
RUN mkdir -p /opt/ebb/lib /opt/ebb/bin \
 && cp -r packages/flux-cli/dist /opt/ebb/lib/dist && find /opt/ebb/lib -name '*.map' -delete \
 && rm -rf node_modules \
 && npm ci --omit=dev --ignore-scripts --workspace packages/flux-broker \
 && rm -rf node_modules/@ebb node_modules/.bin node_modules/.package-lock.json \
 && rm -rf node_modules/zeromq/build/darwin node_modules/zeromq/build/win32 && cp -r node_modules /opt/ebb/lib/node_modules \
 && printf '#!/bin/sh\nexec /usr/local/bin/node /opt/ebb/lib/dist/flux.js "$@"\n' > /opt/ebb/bin/flux && chmod 755 /opt/ebb/bin/flux \
 && find /opt/ebb -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH}" '{}' +

FROM ${BASE}
COPY --from=build /opt/ebb /opt/ebb
ENV PATH=/opt/ebb/bin:$PATH
# The user `node` of the base image.
USER 1000
CMD ["flux", "--help"]
