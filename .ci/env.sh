# Sourced by every script and by the Makefile: one place decides which compiler and which target folder are used.
# Debian 12 keeps a 1.96 compiler in /usr/bin; a rustup older than that must not shadow it.
if [ -x /usr/bin/rustc ] && /usr/bin/rustc --version | grep -qE '^rustc 1\.(9[6-9]|[1-9][0-9]{2})'; then
    PATH="/usr/bin:$PATH"
fi
export PATH="${XDG_CACHE_HOME:-$HOME/.cache}/rolecall/tools/bin:$PATH"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/rolecall/target}"
export ROLECALL_CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/rolecall"
# Only there where the machine's own Node.js is too old, so it goes first.
if [ -x "$ROLECALL_CACHE/node/bin/node" ]; then
    PATH="$ROLECALL_CACHE/node/bin:$PATH"
fi
