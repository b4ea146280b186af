# `make run` starts the server; `make help` lists the rest. Each target does its own set-up.
SHELL := /bin/bash
export SWIFT_BACKTRACE := enable=no

SWIFT_FLAGS := --explicit-target-dependency-import-check error
# A binary to run instead of building one.
BUILT ?=
SERVER := $(or $(BUILT),.build/release/orchestratord)

.PHONY: run build test faults fuzz bench format lint clean help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: build ## install what is missing, build, write .env if there is none, start the server
	@exec $(SERVER) serve

build: ## all that `make run` does, but for the start
ifeq ($(BUILT),)
	@scripts/install-packages.sh build
	@echo "==> building (the first time takes some minutes)"
	@swift build -c release --product orchestratord $(SWIFT_FLAGS)
endif
	@scripts/make-env.sh

test: ## everything CI runs; `make test STEPS="lint house"` runs some of it
	@scripts/check.sh $(STEPS)

faults: build ## bad input and bad configuration, in memory and against a running server
	@scripts/check.sh packages
	@swift test --disable-xctest $(SWIFT_FLAGS) --filter HostileConfigurationTests
	@Tests/Clients/run.sh http_faults.py websocket_faults.py input_faults.py socketio_faults.py tls_faults.py resource_faults.py config_faults.py access_faults.py provider_faults.py

fuzz: build ## ten minutes each: random bytes for every reader under AddressSanitizer, and all of /openapi.json
	@scripts/check.sh packages
	@Tests/Fuzz/run.sh
	@.venv/bin/python Tests/Fuzz/openapi.py $(SERVER)

bench: ## measure against the baselines in Benchmarks/
	@scripts/install-packages.sh build bench
	@Benchmarks/run.sh

format: ## lay out all Swift files
	@swift format --in-place --parallel --recursive Sources Tests Benchmarks Package.swift

lint: ## the format and house checks alone
	@scripts/check.sh lint house

clean: ## remove what was built; .env and data/ stay
	@rm -rf .build .venv .venv-bench .venv-litellm .venv-openapi
