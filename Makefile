# What people type. Everything installs what it needs first; the first build compiles all dependencies and takes minutes, later ones are fast.

.DEFAULT_GOAL := help
.PHONY: help run demo test bench lint build image bootstrap

help: ## Show these commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: bootstrap ## Start the platform (release build) and stay; ARGS="--port gateway=9000" and the like are passed on
	@scripts/run $(ARGS)

demo: bootstrap ## Start everything, sign in, let an agent read this checkout and write a file, show what happened, stop everything
	@scripts/demo

test: bootstrap ## Run every check and every test
	@scripts/test

bench: bootstrap ## Measure text turns, the generator and its code, and the clients of PostgreSQL and Redis, beside others (release build); write docs/benchmarks.md
	@scripts/bench
	@scripts/bench-codegen
	@scripts/bench-stores

lint: bootstrap ## Formatting, imports, warnings as errors, and the specs by the public validators
	@scripts/lint

build: bootstrap ## The debug build that the demo and the tests share
	@scripts/build

image: ## Build the container image codelab:VERSION with podman or docker; ARGS="--tag registry.example.com/codelab:1" and the like are passed on
	@scripts/build-image $(ARGS)

bootstrap: ## Install missing system packages and check the Swift version
	@scripts/bootstrap
