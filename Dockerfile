# One image for every process: consumer, provider, order-worker, and the commands under ci/ (prepare, purge, audit).
# Which one it is, compose.yaml says by the command. It holds no secret and no setting but those below.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages are a Node 24, for machines that have none. The image brings its own, and only where that was built
# without type stripping (Debian's is) it needs the package's, which then comes first in the PATH.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-progress && \
  (node -e "process.exit(process.features.typescript ? 0 : 1)" || npm ci --omit=dev --ignore-scripts --no-progress)

# The browsers' files. What makes them stays behind.
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

ENV PATH=/app/node_modules/.bin:$PATH NODE_ENV=production METRICS_PORT=9100
# By number, so that `runAsNonRoot` can see that it is not root. `node` in the public image.
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 \
  CMD ["node", "-e", "require('http').get(`http://127.0.0.1:${process.env.METRICS_PORT}/readyz`, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# Node itself is the first process, so that it gets the stop signal: npm would swallow it.
ENTRYPOINT ["node"]
CMD ["--version"]
