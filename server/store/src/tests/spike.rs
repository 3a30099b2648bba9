use crate::tests::block_on;
use crate::*;
#[test]
fn spike() {
    block_on(async {
        let s = SurrealStore::open(&StoreOptions::default()).await.unwrap();
        let db = s.engine.surreal();
        for q in [
            "CREATE user:a CONTENT {version:1, body:{user:{username:'A'},x:{y:1}}, name_key:'a', email_key:'a', search:'a', groups:['g','h']}",
            "SELECT id, body FROM user ORDER BY id DESC LIMIT 2 START 0 EXPLAIN",
            "SELECT id, body FROM user WHERE string::contains(search,'a') ORDER BY id LIMIT 2 START 0 EXPLAIN",
            "SELECT id, name_key, body FROM user ORDER BY name_key, id LIMIT 2 START 0 EXPLAIN",
            "SELECT id, name_key, body FROM user ORDER BY name_key LIMIT 2 START 0 EXPLAIN",
            "SELECT VALUE body.user.username FROM user WHERE groups CONTAINS 'g' EXPLAIN",
            "SELECT VALUE body.user.username FROM user WHERE groups CONTAINS 'g'",
            "SELECT count() FROM user WHERE active_role = 'x' GROUP ALL EXPLAIN",
            "SELECT count() FROM user GROUP ALL EXPLAIN",
            "SELECT count() FROM user WHERE string::contains(search,'a') GROUP ALL EXPLAIN",
            "(SELECT count() FROM event GROUP ALL)[0].count",
            "SELECT id, body FROM event WHERE kind = 'a' ORDER BY id DESC LIMIT 2 START 0 EXPLAIN",
            "SELECT count() FROM event WHERE kind = 'a' GROUP ALL EXPLAIN",
            "SELECT VALUE id FROM session WHERE expires < 5 LIMIT 5 EXPLAIN",
            "SELECT VALUE body FROM session WHERE username = 'x' AND ended = false EXPLAIN",
            "SELECT id FROM user:a..=user:z ORDER BY id LIMIT 3 EXPLAIN",
            "INSERT INTO event []",
            "BEGIN; THROW 'rolecall:stale:1'; INSERT INTO event []; COMMIT",
            "CREATE user:a CONTENT {version:1, body:{user:{username:'A'},x:{y:1}}, name_key:'a', email_key:'a', search:'a', groups:['g','h']}",
            "INSERT INTO user {id: user:a, version:1, body:{user:{username:'A'},x:{y:1}}, name_key:'a', email_key:'a', search:'a', groups:['g','h']}",
        ] {
            let mut r = db.query(q).await.unwrap();
            println!("== {q}\n{:?}", r.take_errors());
            for i in 0..r.num_statements() {
                println!("{}", r.take::<surrealdb::types::Value>(i).map(|v| serde_json::to_string_pretty(&v.into_json_value()).unwrap()).unwrap_or_default());
            }
        }
        s.close().await;
    });
}
