use tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn every_page_asks_for_the_typeface_at_once_and_anybody_gets_it_to_keep() {
    let world = World::new().await;
    let (stranger, root) = (world.browser(), world.signed_in("root").await);
    for page in ["/login", "/no/such/page", "/", "/admin/users", "/admin/property-mappings"] {
        let answer = if page == "/login" { stranger.get(page).await } else { root.get(page).await };
        let link = answer.body.split("<link").find(|tag| tag.contains("rel=\"preload\"")).unwrap_or_default();
        assert!(link.contains("as=\"font\"") && link.contains("crossorigin"), "{page} asks for no typeface: {link}");
        assert!(answer.header("content-security-policy").contains("font-src 'self';"), "{page}");
        let address = link.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let font = stranger.get(address).await;
        assert_eq!(font.status, 200, "{page}: {address}");
        assert_eq!(font.header("content-type"), "font/woff2");
        assert_eq!(font.header("cache-control"), "public, max-age=31536000, immutable");
    }
    assert!(stranger.get("/fonts/OFL.txt").await.body.contains("SIL OPEN FONT LICENSE"));
    assert_eq!(stranger.get("/fonts/inter.woff2").await.status, 404);
}
