/// How often, or how large: as `make test` has time for, or with `ROLECALL_SOAK` set (`make soak`) in full.
pub fn soak<T>(usual: T, full: T) -> T {
    if std::env::var_os("ROLECALL_SOAK").is_some() { full } else { usual }
}
