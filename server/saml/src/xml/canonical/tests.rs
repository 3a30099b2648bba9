use super::*;
use crate::judge::xmllint_canonical;
use crate::xml::limits::Limits;
use crate::xml::read::read;
use proptest::prelude::*;

fn ours(xml: &str) -> String {
    canonical(&read(xml.as_bytes(), &Limits::MESSAGE).unwrap(), &[], &[], None)
}

#[test]
fn libxml2_agrees_on_every_odd_way_to_write_a_document() {
    for xml in [
        "<a/>",
        "<?xml version='1.0'?>\n<a  c = '1'\n b=\"2\" />\n",
        "<a xmlns='urn:a'><b xmlns=''><c xmlns='urn:a'/></b></a>",
        "<a xmlns='urn:a' xmlns:u='urn:unused'><b xmlns='urn:a'/></a>",
        "<x:a xmlns:x='urn:a'><x:b xmlns:x='urn:b'><x:c xmlns:x='urn:a'/></x:b><y:d xmlns:y='urn:a'/></x:a>",
        "<a xmlns:z='urn:1' xmlns:b='urn:2' z:q='1' b:q='2' q='3' b:a='4' xml:lang='en'/>",
        "<a xmlns:z='urn:1'><b xmlns:z='urn:1' z:c='x'/><b z:c='x'/></a>",
        "<a b='&#9;&#10;&#13;&lt;&gt;&amp;&quot;&apos;'>&#9;&#10;&#13;&lt;&gt;&amp;&quot;&apos;</a>",
        "<a b=' x\t\r\n y\rz '>\r\n x\ty\rz\r\r\n</a>",
        "<a>é🦀&#x2028;&#233;<b>  </b> \n</a>",
        "<a xmlns=''><b xmlns='urn:b' c='d'/></a>",
    ] {
        assert_eq!(ours(xml), xmllint_canonical(xml), "{xml}");
    }
}

#[test]
fn the_omitted_element_is_left_out_and_its_neighbours_stay() {
    let tree = read(b"<a>1<b/>2<b/>3</a>", &Limits::MESSAGE).unwrap();
    let second = tree.elements().nth(1);
    assert_eq!(canonical(&tree, &[], &[], second), "<a>1<b></b>23</a>");
}

#[test]
fn a_listed_prefix_is_declared_where_it_is_in_scope_and_others_only_where_used() {
    let tree = read(
        b"<r xmlns:x='urn:x' xmlns:y='urn:y' xmlns='urn:d'><p:a xmlns:p='urn:p'><p:b/></p:a></r>",
        &Limits::MESSAGE,
    )
    .unwrap();
    let apex = tree.elements().next().unwrap();
    let made = |list: &[&str]| canonical(apex, &[&tree], list, None);
    assert_eq!(made(&[]), r#"<p:a xmlns:p="urn:p"><p:b></p:b></p:a>"#);
    assert_eq!(made(&["x", "", "absent"]), r#"<p:a xmlns="urn:d" xmlns:p="urn:p" xmlns:x="urn:x"><p:b></p:b></p:a>"#);
}

fn document() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "p:a", "q:a", "q:b"]);
    let declared = prop::sample::select(vec![
        "",
        " xmlns='urn:1'",
        " xmlns=''",
        " xmlns:p='urn:1'",
        " xmlns:p='urn:2' xmlns:q='urn:1'",
        " xmlns:q='urn:3'",
    ]);
    let attribute = prop::sample::select(vec![
        "",
        " z='1' a='2'",
        " p:z='&amp;'",
        " q:z='\t\n' z='&#10;'",
        " xml:space='preserve'",
    ]);
    let text = prop::sample::select(vec!["", "x", "\r\n", "&lt;&#13;", " é "]);
    let leaf = (name.clone(), declared.clone(), attribute.clone(), text.clone())
        .prop_map(|(name, declared, attribute, text)| format!("<{name}{declared}{attribute}>{text}</{name}>"));
    let tree = leaf.prop_recursive(4, 24, 4, move |inner| {
        (name.clone(), declared.clone(), attribute.clone(), prop::collection::vec((inner, text.clone()), 0..4))
            .prop_map(|(name, declared, attribute, children)| {
                let inside: String = children.into_iter().map(|(child, text)| child + text).collect();
                format!("<{name}{declared}{attribute}>{inside}</{name}>")
            })
    });
    tree.prop_map(|inside| format!("<r xmlns:p='urn:p' xmlns:q='urn:q'>{inside}</r>"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn libxml2_and_we_give_the_same_canonical_form(xml in document()) {
        match read(xml.as_bytes(), &Limits::MESSAGE) {
            Ok(tree) => prop_assert_eq!(canonical(&tree, &[], &[], None), xmllint_canonical(&xml)),
            // Two prefixes for one namespace can repeat an attribute.
            Err(error) => prop_assert!(error.to_string().contains("twice"), "{}: {}", error, xml),
        }
    }
}
