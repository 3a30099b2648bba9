//! Signature wrapping: a genuine signature, made to vouch for a request that was never signed.

use super::*;

#[test]
fn shape_1_the_genuine_request_whole_inside_extensions() {
    refused_for(&request("_evil", EVIL, &extensions(&genuine())), "elsewhere than directly in the root");
}

#[test]
fn shape_2_the_signature_moved_out_of_the_genuine_request() {
    let (signature, rest) = parted();
    refused_for(&request("_evil", EVIL, &format!("{signature}{}", extensions(&rest))), "not the root");
}

#[test]
fn shape_3_the_genuine_request_inside_an_object_of_the_signature() {
    let (signature, rest) = parted();
    let wrapped = signature.replace("</ds:Signature>", &format!("<ds:Object>{rest}</ds:Object></ds:Signature>"));
    refused_for(&request("_evil", EVIL, &wrapped), "holds Object");
}

#[test]
fn shape_4_the_genuine_request_inside_the_key_info() {
    let (signature, rest) = parted();
    let wrapped = signature.replace("</ds:KeyInfo>", &format!("{rest}</ds:KeyInfo>"));
    refused_for(&request("_evil", EVIL, &wrapped), "not the root");
}

#[test]
fn shape_5_the_same_identifier_on_the_forged_root() {
    let (signature, rest) = parted();
    refused_for(&request("_genuine", EVIL, &format!("{signature}{}", extensions(&rest))), "twice");
    let other_spelling = rest.replace(" ID=", " Id=");
    refused_for(&request("_genuine", EVIL, &format!("{signature}{}", extensions(&other_spelling))), "twice");
    // And when only the root carries the identifier, the digest is over the forged root.
    let nameless = rest.replace(" ID=\"_genuine\"", "");
    refused_for(&request("_genuine", EVIL, &format!("{signature}{}", extensions(&nameless))), "digest does not match");
}

#[test]
fn shape_6_the_forged_request_inside_the_genuine_one() {
    let forged = extensions(&request("_evil", EVIL, ""));
    refused_for(&genuine().replace("</samlp:AuthnRequest>", &format!("{forged}</samlp:AuthnRequest>")), "digest");
}

#[test]
fn shape_7_two_signatures_of_which_one_is_genuine() {
    let (signature, _) = parted();
    let forged = signed_by(attacker_key(), &request("_evil", EVIL, ""), "_evil");
    refused_for(&forged.replace("<ds:Signature ", &format!("{signature}<ds:Signature ")), "more than one");
    refused_for(&forged.replace("</samlp:Auth", &format!("{}</samlp:Auth", extensions(&genuine()))), "elsewhere");
}

#[test]
fn shape_8_a_genuine_signature_that_is_not_a_child_of_the_root() {
    let (signature, rest) = parted();
    let deep = rest.replace("</samlp:AuthnRequest>", &format!("{}</samlp:AuthnRequest>", extensions(&signature)));
    refused_for(&deep, "elsewhere than directly in the root");
}

#[test]
fn shape_9_the_genuine_request_as_a_child_beside_the_signature() {
    let (signature, rest) = parted();
    refused_for(&request("_evil", EVIL, &format!("{signature}{rest}")), "not the root");
}

#[test]
fn shape_10_a_second_reference_for_the_forged_root() {
    let (signature, rest) = parted();
    let (from, to) = (signature.find("<ds:Reference ").unwrap(), signature.find("</ds:SignedInfo>").unwrap());
    let second = signature[from..to].replace("#_genuine", "#_evil");
    let both = signature.replace("</ds:SignedInfo>", &format!("{second}</ds:SignedInfo>"));
    refused_for(&request("_evil", EVIL, &format!("{both}{}", extensions(&rest))), "one Reference");
}
