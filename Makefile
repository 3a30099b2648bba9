SHELL := /bin/bash
ENV := . .ci/env.sh &&

.PHONY: test setup fmt lint unit

# Sets up the machine if needed and runs every test.
test: setup fmt lint unit

setup:
	@bash .ci/setup

fmt:
	$(ENV) cargo fmt --check

lint:
	$(ENV) cargo clippy --locked --all-targets -- -D warnings

unit:
	$(ENV) cargo build --locked && cargo test --locked

.PHONY: run build

run: setup
	$(ENV) cargo run --locked -p server --bin rolecall -- serve

build: setup
	$(ENV) cargo build --locked --release -p server && mkdir -p target/release && cp "$$CARGO_TARGET_DIR/release/rolecall" target/release/

.PHONY: judges browser

# Third-party service providers verify what the debug build issues.
judges: setup
	$(ENV) .ci/setup-judges && tests/judges/run selftest && tests/judges/run judge_server "$$CARGO_TARGET_DIR/debug/rolecall"

# Journeys in Chromium against the debug build.
browser: setup
	$(ENV) .ci/browser
