//! What a restore leaves that does not come to its end.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tests::{ended, program};

use crate::backup::{House, sealed};

/// A house with a backup, and that backup with so many more groups and, after them, another line.
fn with_more(groups: usize, ending: &str) -> (House, String) {
    let house = House::new();
    house.furnished();
    assert_eq!(house.run("one", &["backup", &house.backup()], None).0, 0);
    let text = std::fs::read_to_string(house.backup()).unwrap();
    let (body, _) = text.trim_end().rsplit_once('\n').unwrap();
    let group = body.lines().find(|line| line.contains(r#""table":"group""#)).unwrap();
    let mut group: Value = serde_json::from_str(group).unwrap();
    let mut longer = format!("{body}\n");
    for number in 0..groups {
        let name = format!("more-{number}");
        group["row"]["body"]["name"] = json!(name);
        group["id"] = json!(name);
        longer.push_str(&format!("{group}\n"));
    }
    longer.push_str(ending);
    let path = house.path("longer.backup");
    std::fs::write(&path, sealed(&longer)).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (house, path)
}

/// A folder for data with the master key and nothing else.
fn place(house: &House, data: &str) {
    std::fs::create_dir_all(house.path(data)).unwrap();
    std::fs::copy(house.path("one/master.key"), house.path(data).join("master.key")).unwrap();
}

#[test]
fn what_a_restore_has_left_midway_is_refused_by_every_command_until_one_has_ended() {
    // Rows go in by the five hundred, so hundreds are there before the one that no database takes.
    let (house, longer) = with_more(1_000, "{\"table\":\"migration\",\"id\":\"x\",\"row\":{}}\n");
    place(&house, "two");
    let (code, _, errors) = house.run("two", &["restore", &longer], None);
    assert!(code == 1 && errors.contains("migration"), "{code} {errors}");
    let out = house.path("out.backup");
    let commands: [&[&str]; 6] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["export", "--secrets"],
        &["user", "list"],
        &["backup", out.to_str().unwrap()],
        &["scim", "plan", "nobody"],
        &["master-key", "reseal"],
    ];
    for command in commands {
        let (code, said, errors) = house.run("two", command, None);
        assert_eq!((code, said.as_str()), (2, ""), "{command:?}: {errors}");
        let db = house.path("two/db").display().to_string();
        assert!(errors.contains("is not whole") && errors.contains(&db), "{command:?}: {errors}");
        assert!(errors.contains("restore FILE --force"), "{command:?} does not say what to do: {errors}");
    }
    assert!(!out.exists(), "half a database is in a backup");
    let (code, said, _) = house.run("two", &["doctor"], None);
    assert!(code == 1 && said.contains("is not whole"), "{said}");

    // Another that does not end either leaves it as it was.
    let (code, _, errors) = house.run("two", &["restore", &longer, "--force"], None);
    assert!(code == 1 && errors.contains("migration"), "{code} {errors}");
    assert_eq!(house.run("two", &["user", "list"], None).0, 2);
    let (code, said, errors) = house.run("two", &["restore", &house.backup(), "--force"], None);
    assert_eq!(code, 0, "{said}{errors}");
    assert!(house.path("two/db.replaced-1").is_dir());
    let export = |data: &str| house.run(data, &["export", "--secrets"], None).1;
    assert_eq!(export("two"), export("one"));

    // What was whole before a restore that failed is whole after it.
    let (code, _, errors) = house.run("one", &["restore", &longer, "--force"], None);
    assert!(code == 1 && errors.contains("migration"), "{code} {errors}");
    assert_eq!(export("one"), export("two"));
}

#[test]
fn a_restore_that_is_killed_leaves_all_or_nothing_or_what_is_refused() {
    let (house, longer) = with_more(4_000, "");
    let caught = [200, 300, 450, 700, 1_000, 1_500, 2_300, 3_500, 5_000, 8_000, 12_000].into_iter().any(|millis| {
        let data = format!("killed-{millis}");
        place(&house, &data);
        let mut restore = Command::new(program("rolecall"));
        restore.args(["restore", &longer, "--data-dir"]).arg(house.path(&data));
        let mut restore = restore.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        let _ = restore.kill();
        ended(&mut restore);
        let (code, said, errors) = house.run(&data, &["export"], None);
        let all = said.contains("Lovelace") && said.contains("more-3999");
        let nothing = !said.contains("Lovelace") && !said.contains("more-1");
        assert!(code == 2 || (code == 0 && (all || nothing)), "after {millis} ms: {code}\n{said}{errors}");
        assert!(code == 0 || errors.contains("is not whole"), "after {millis} ms: {errors}");
        code == 2
    });
    assert!(caught, "none of them was killed midway");
}
