# One image for every process: consumer, provider, order-worker, and the commands under ci/ (prepare, purge, audit).
# compose.yaml selects the process by its command. The image contains no secret and only the settings below.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages contain Node 24 for machines without it. They are removed unless the Node of the image was built without
# type stripping, as in Debian; then node_modules/.bin comes first in PATH.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-progress && \
  (node -e "process.exit(process.features.typescript ? 0 : 1)" || npm ci --omit=dev --ignore-scripts --no-progress)

# The files for browsers, without the build tools.
FROM ${NODE_IMAGE} AS pages
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci --ignore-scripts --no-progress
COPY proto proto
COPY db db
COPY consumer consumer
COPY ci ci
RUN PATH=/app/node_modules/.bin:$PATH node ci/ops/build-pages.ts

FROM ${NODE_IMAGE}
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY proto proto
COPY db db
COPY provider provider
COPY consumer consumer
COPY --from=pages /app/consumer/pages/dist consumer/pages/dist
COPY order-worker order-worker
COPY ci ci
# For flashsale_build_info. A file, because compose.yaml would replace a variable by an empty one.
ARG COMMIT=
RUN printf '%s' "$COMMIT" >commit

ENV PATH=/app/node_modules/.bin:$PATH NODE_ENV=production METRICS_PORT=9100
# By number, as `runAsNonRoot` requires. The user `node` of the public image.
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 \
  CMD ["node", "-e", "require('http').get(`http://127.0.0.1:${process.env.METRICS_PORT}/readyz`, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# Node is the first process and receives the stop signal, which npm would not forward.
ENTRYPOINT ["node"]
CMD ["--version"]
