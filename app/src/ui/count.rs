use std::fmt::Display;

/// `1 user`, `2 users`; `1 user or group`, `2 users and groups`.
pub fn many<N: Copy + Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    if count == N::from(1) { format!("{count} {one}") } else { format!("{count} {}", plural(one)) }
}

/// The noun as it stands after any other number.
fn plural(one: &str) -> String {
    let all = one.split(" or ").map(|one| match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ => format!("{one}s"),
    });
    all.collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::many;

    #[test]
    fn a_number_and_its_noun_agree() {
        let told = [many(1, "SCIM provider"), many(0, "user"), many(2_u64, "policy"), many(3_usize, "key")];
        assert_eq!(told, ["1 SCIM provider", "0 users", "2 policies", "3 keys"]);
        assert_eq!([many(1, "user or group"), many(2, "user or group")], ["1 user or group", "2 users and groups"]);
    }
}
