SHELL := /bin/bash
ENV := . .ci/env.sh &&

.PHONY: demo test run build bench soak remote setup fmt lint unit site judges browser

# Sets up the machine if needed and runs every test.
test: setup fmt lint unit judges browser

# Rolecall with sample people, and a sandboxed AWS that trusts it.
demo: site
	$(ENV) cargo build --locked && .ci/demo

run: setup site
	$(ENV) cargo run --locked -p server --bin rolecall -- serve

build: setup site
	$(ENV) cargo build --locked --release && mkdir -p target/release && cp "$$CARGO_TARGET_DIR/release/rolecall" target/release/ \
		&& rm -rf target/site && cp -r "$$CARGO_TARGET_DIR/site" target/site

# The measured table, and server/docs/bench.md. For an idle machine; the first run compiles everything optimised.
bench: setup site
	$(ENV) cargo build --locked --release && .ci/setup-judges && "$$CARGO_TARGET_DIR/release/bench" server/docs/bench.md

# The tests of provisioning in full: 10,000 random histories of the engine and 200 of the worker, a storm over 10,000 people,
# 200 kills, three days of outage.
soak: setup
	$(ENV) cargo build --locked && ROLECALL_SOAK=1 nice cargo test --locked --test engine --test suite -- histories storm provisioning

# The store's tests and the suite with SurrealDB as a server of its own (ws://). The first run compiles that server.
remote: setup
	$(ENV) cargo build --locked && .ci/remote

setup:
	@bash .ci/setup

fmt:
	$(ENV) cargo fmt --check

lint:
	$(ENV) cargo clippy --locked --all-targets -- -D warnings
	$(ENV) cargo clippy --locked -p frontend --target wasm32-unknown-unknown --profile wasm-release -- -D warnings

unit:
	$(ENV) cargo build --locked && cargo test --locked

# The browser half of the pages.
site: setup
	$(ENV) .ci/build-site

# Third-party service providers verify what the debug build issues, third-party SCIM servers what it sends.
judges: setup
	$(ENV) cargo build --locked && .ci/setup-judges && tests/judges/run selftest && tests/judges/run judge_server "$$CARGO_TARGET_DIR/debug/rolecall" "$$CARGO_TARGET_DIR/debug/aws-sandbox" \
		&& tests/judges/run judge_api "$$CARGO_TARGET_DIR/debug/rolecall" \
		&& tests/judges/run judge_boto3 "$$CARGO_TARGET_DIR/debug/rolecall" "$$CARGO_TARGET_DIR/debug/aws-sandbox" \
		&& tests/judges/run flows "$$CARGO_TARGET_DIR/debug/rolecall" \
		&& tests/judges/run judge_scim "$$CARGO_TARGET_DIR/debug/rolecall" "$$CARGO_TARGET_DIR/debug/aws-sandbox"

# Journeys in Chromium against the debug build.
browser: site
	$(ENV) cargo build --locked && .ci/browser
