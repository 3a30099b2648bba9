# Sourced: `judges` is the folder of the packages, named by what is to be in it, so that two checkouts never disturb each other.
lists=$(cd "$(dirname "${BASH_SOURCE[0]}")" && cat requirements.txt package.json package-lock.json | sha256sum | cut -c1-12)
judges="${XDG_CACHE_HOME:-$HOME/.cache}/rolecall/judges-$lists"
