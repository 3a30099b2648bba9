//! Element names. A prefix is bound to one namespace for good, so a name can never be misread.

/// A namespace prefix. Each has exactly one meaning in everything this crate writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// XML Signature.
    Ds,
    /// SAML metadata.
    Md,
    /// SAML assertions.
    Saml,
    /// SAML protocol.
    Samlp,
    /// XML Encryption 1.0.
    Xenc,
    /// XML Encryption 1.1.
    Xenc11,
}

impl Prefix {
    /// The prefix as written before the colon.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Ds => "ds",
            Self::Md => "md",
            Self::Saml => "saml",
            Self::Samlp => "samlp",
            Self::Xenc => "xenc",
            Self::Xenc11 => "xenc11",
        }
    }

    /// The namespace that the prefix stands for.
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::Ds => "http://www.w3.org/2000/09/xmldsig#",
            Self::Md => "urn:oasis:names:tc:SAML:2.0:metadata",
            Self::Saml => "urn:oasis:names:tc:SAML:2.0:assertion",
            Self::Samlp => "urn:oasis:names:tc:SAML:2.0:protocol",
            Self::Xenc => "http://www.w3.org/2001/04/xmlenc#",
            Self::Xenc11 => "http://www.w3.org/2009/xmlenc11#",
        }
    }

    pub const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The name of an element: a prefix and a word from the source code, never from data.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    pub prefix: Prefix,
    pub local: &'static str,
}

/// A name in the XML Signature namespace.
pub const fn ds(local: &'static str) -> Name {
    Name { prefix: Prefix::Ds, local }
}

/// A name in the metadata namespace.
pub const fn md(local: &'static str) -> Name {
    Name { prefix: Prefix::Md, local }
}

/// A name in the assertion namespace.
pub const fn saml(local: &'static str) -> Name {
    Name { prefix: Prefix::Saml, local }
}

/// A name in the protocol namespace.
pub const fn samlp(local: &'static str) -> Name {
    Name { prefix: Prefix::Samlp, local }
}

/// A name in the XML Encryption namespace.
pub const fn xenc(local: &'static str) -> Name {
    Name { prefix: Prefix::Xenc, local }
}

/// A name in the XML Encryption 1.1 namespace.
pub const fn xenc11(local: &'static str) -> Name {
    Name { prefix: Prefix::Xenc11, local }
}
