use super::*;

const MAX_DEPTH: usize = Limits::MESSAGE.depth;
const MAX_BYTES: usize = Limits::MESSAGE.bytes;

fn refusal(xml: &str) -> String {
    read(xml.as_bytes(), &Limits::MESSAGE).expect_err(xml).to_string()
}

#[test]
fn the_tree_resolves_namespaces_and_references_and_normalises_line_ends() {
    let xml = "\u{feff}<?xml version='1.0' encoding='UTF-8'?><!-- hello --><a:r xmlns:a='urn:a' ID='1'><b a:x='y\r\nz' x='&#10;'/>&#x41;&amp;\r\n&#13;</a:r>\n";
    let root = read(xml.as_bytes(), &Limits::MESSAGE).unwrap();
    assert_eq!((&*root.namespace, root.local.as_str(), root.text().as_str()), ("urn:a", "r", "A&\n\r"));
    assert!(!root.has_prefixed_attributes());
    let child = root.elements().next().unwrap();
    assert!(child.namespace.is_empty() && child.has_prefixed_attributes());
    assert_eq!((child.attribute("x"), child.attributes[0].value.as_str()), (Some("\n"), "y z"));
}

#[test]
fn a_doctype_is_refused_whatever_it_declares() {
    assert!(refusal("<!DOCTYPE a><a/>").contains("DOCTYPE"));
    assert!(refusal("<!DOCTYPE a [<!ENTITY x 'xx'><!ENTITY y '&x;&x;'>]><a>&y;</a>").contains("DOCTYPE"));
    assert!(refusal("<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>").contains("DOCTYPE"));
}

#[test]
fn entities_comments_cdata_and_instructions_are_refused() {
    for xml in ["<a>&x;</a>", "<a b='&x;'/>", "<a>&#0;</a>", "<a>&#xFFFE;</a>", "<a b='&#1;'/>", "<a>&#xD800;</a>"] {
        refusal(xml);
    }
    assert!(refusal("<a><!-- --></a>").contains("comment"));
    assert!(refusal("<a><![CDATA[x]]></a>").contains("CDATA"));
    assert!(refusal("<?php x?><a/>").contains("instruction"));
}

#[test]
fn an_identifier_may_not_be_used_twice_in_any_spelling() {
    for xml in ["<a ID='1'><b ID='1'/></a>", "<a ID='1'><b Id='1'/></a>", "<a ID='1'><b xml:id='1'/></a>"] {
        assert!(refusal(xml).contains("twice"), "{xml}");
    }
    assert!(read(b"<a ID='1'><b ID='2'/></a>", &Limits::MESSAGE).is_ok());
}

#[test]
fn what_is_not_one_complete_document_is_refused() {
    for xml in [
        "",
        " ",
        "x",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a b='1' b='2'/>",
        "<a b='<'/>",
        "</a>",
        "<x:a/>",
        "<a x:b=''/>",
        "<a>\u{1}</a>",
    ] {
        refusal(xml);
    }
    assert!(read(b"<a>\xff</a>", &Limits::MESSAGE).is_err());
    assert!(refusal("<?xml version='1.0' encoding='UTF-7'?><a/>").contains("encoding"));
}

#[test]
fn depth_and_size_have_limits_and_the_limits_themselves_pass() {
    let nested = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
    assert!(read(nested(MAX_DEPTH).as_bytes(), &Limits::MESSAGE).is_ok());
    assert!(matches!(
        read(nested(MAX_DEPTH + 1).as_bytes(), &Limits::MESSAGE),
        Err(SamlError::TooLarge { limit: MAX_DEPTH, .. })
    ));
    let sized = |bytes: usize| format!("<a>{}</a>", "x".repeat(bytes - 7));
    assert!(read(sized(MAX_BYTES).as_bytes(), &Limits::MESSAGE).is_ok());
    assert!(matches!(
        read(sized(MAX_BYTES + 1).as_bytes(), &Limits::MESSAGE),
        Err(SamlError::TooLarge { limit: MAX_BYTES, .. })
    ));
}

#[test]
fn elements_and_attributes_are_counted_together_however_short_they_are() {
    let limits = Limits { parts: 4, ..Limits::METADATA };
    assert!(read(b"<a b='' xmlns='urn:x'><c/></a>", &limits).is_ok());
    for more in ["<a b='' c='' xmlns='urn:x'><c/></a>", "<a b='' xmlns='urn:x'><c/><c/></a>"] {
        assert!(matches!(read(more.as_bytes(), &limits), Err(SamlError::TooLarge { limit: 4, .. })), "{more}");
    }
    let empty = format!("<a>{}</a>", "<b/>".repeat(Limits::METADATA.parts));
    assert!(matches!(read(empty.as_bytes(), &Limits::METADATA), Err(SamlError::TooLarge { .. })));
}

#[test]
fn ten_thousand_levels_are_refused_whatever_is_being_read() {
    let nested = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    for limits in [Limits::MESSAGE, Limits::METADATA] {
        assert!(matches!(read(nested.as_bytes(), &limits), Err(SamlError::TooLarge { what: "XML in levels", .. })));
    }
}

#[test]
fn attributes_beyond_the_limit_are_refused_before_they_are_compared() {
    let many = |count: usize| format!("<a{}/>", (0..count).map(|n| format!(" a{n}=''")).collect::<String>());
    assert!(read(many(MAX_ATTRIBUTES).as_bytes(), &Limits::MESSAGE).is_ok());
    assert!(matches!(read(many(10_000).as_bytes(), &Limits::MESSAGE), Err(SamlError::TooLarge { .. })));
}

#[test]
fn namespace_declarations_beyond_the_limit_are_refused_and_those_of_closed_elements_do_not_count() {
    let declaring = |count: usize, inside: &str| {
        let declarations: String = (0..count).map(|n| format!(" xmlns:p{n}='urn:{n}'")).collect();
        format!("<a{declarations}>{inside}</a>")
    };
    let apart = format!("<r>{}{}</r>", declaring(64, ""), declaring(64, ""));
    assert!(read(apart.as_bytes(), &Limits::MESSAGE).is_ok());
    assert!(refusal(&declaring(65, "")).contains("in force"));
    assert!(refusal(&declaring(40, &declaring(25, ""))).contains("in force"));
}

#[test]
fn names_and_namespace_declarations_that_break_the_standard_are_refused() {
    for xml in [
        "<a xmlns:p=''/>",
        "<a xmlns:xmlns='urn:x'/>",
        "<a xmlns:xml='urn:x'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:p='urn:1' xmlns:q='urn:1' p:x='' q:x=''/>",
        "<a xmlns:p='urn:1'><p:b:c/></a>",
        "<1a/>",
        "<a 1b=''/>",
        "<a>]]></a>",
        "<a b='&lt'/>",
        "<?xml version='1.1'?><a/>",
        "<a>&#x;</a>",
    ] {
        refusal(xml);
    }
}

#[test]
fn metadata_may_hold_comments_between_elements_but_never_inside_a_value() {
    let lenient = |xml: &str| read(xml.as_bytes(), &Limits::METADATA);
    assert!(lenient("<a> <!-- x --> <b>1</b></a>").is_ok());
    assert!(lenient("<a><b>1<!-- x -->2</b></a>").unwrap_err().to_string().contains("comment"));
    assert!(lenient("<a><b><!-- x -->2</b></a>").is_err());
}
