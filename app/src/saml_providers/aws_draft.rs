use model::{AwsAttributes, AwsTag, AwsValue, FieldError, Span, UserField};

/// Where a value comes from, as a select offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SourceKind {
    /// Nothing is sent.
    None,
    #[default]
    Attribute,
    Field,
    Value,
}

/// A tag as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagDraft {
    /// Stays while rows come and go.
    pub id: u32,
    pub key: String,
    pub kind: SourceKind,
    pub text: String,
    pub transitive: bool,
}

/// The attributes that AWS reads, as they are typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AwsDraft {
    pub principal: Vec<TagDraft>,
    pub access: Vec<TagDraft>,
    /// Its key is not used.
    pub source: TagDraft,
    pub duration: String,
    next: u32,
}

/// Which of the two lists of tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagList {
    Principal,
    Access,
}

impl TagList {
    /// The name of the field.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Principal => "aws.principal_tags",
            Self::Access => "aws.access_control",
        }
    }
}

impl AwsDraft {
    pub fn list(&self, list: TagList) -> &Vec<TagDraft> {
        match list {
            TagList::Principal => &self.principal,
            TagList::Access => &self.access,
        }
    }

    pub fn list_mut(&mut self, list: TagList) -> &mut Vec<TagDraft> {
        match list {
            TagList::Principal => &mut self.principal,
            TagList::Access => &mut self.access,
        }
    }

    /// An empty row at the end.
    pub fn add(&mut self, list: TagList) {
        self.next += 1;
        let id = self.next;
        self.list_mut(list).push(TagDraft { id, ..TagDraft::default() });
    }

    /// The attributes, or what AWS would not take.
    pub fn attributes(&self, faults: &mut Vec<FieldError>) -> AwsAttributes {
        let duration = self.duration.trim();
        let session_duration: Option<Span> = if duration.is_empty() {
            None
        } else {
            duration
                .parse()
                .map_err(|e: model::SpanError| faults.push(FieldError::new("aws.session_duration", e.to_string())))
                .ok()
        };
        let source = self.source.value();
        let attributes = AwsAttributes {
            principal_tags: self.principal.iter().map(TagDraft::tag).collect(),
            access_control: self.access.iter().map(TagDraft::tag).collect(),
            source_identity: (self.source.kind != SourceKind::None).then_some(source),
            session_duration,
        };
        let broken = attributes.faults().into_iter();
        faults.extend(broken.map(|(field, why)| FieldError::new(format!("aws.{field}"), why)));
        attributes
    }
}

impl TagDraft {
    fn value(&self) -> AwsValue {
        let text = self.text.trim().to_owned();
        match self.kind {
            SourceKind::None => AwsValue::default(),
            SourceKind::Attribute => AwsValue { attribute: Some(text), ..AwsValue::default() },
            SourceKind::Value => AwsValue { value: Some(text), ..AwsValue::default() },
            SourceKind::Field => {
                let field = UserField::ALL.into_iter().find(|field| field.code() == text);
                AwsValue { field: Some(field.unwrap_or_default()), ..AwsValue::default() }
            }
        }
    }

    fn tag(&self) -> AwsTag {
        let AwsValue { field, attribute, value } = self.value();
        AwsTag { key: self.key.trim().to_owned(), field, attribute, value, transitive: self.transitive }
    }

    fn of(id: u32, key: &str, value: &AwsValue, transitive: bool) -> Self {
        let (kind, text) = match (value.field, &value.attribute, &value.value) {
            (Some(field), ..) => (SourceKind::Field, field.code().to_owned()),
            (None, Some(name), _) => (SourceKind::Attribute, name.clone()),
            (None, None, Some(fixed)) => (SourceKind::Value, fixed.clone()),
            (None, None, None) => (SourceKind::None, String::new()),
        };
        Self { id, key: key.to_owned(), kind, text, transitive }
    }
}

impl From<&AwsAttributes> for AwsDraft {
    fn from(attributes: &AwsAttributes) -> Self {
        let mut next = 0;
        let mut rows = |tags: &[AwsTag]| {
            let row = |tag: &AwsTag| {
                next += 1;
                TagDraft::of(next, &tag.key, &tag.source(), tag.transitive)
            };
            tags.iter().map(row).collect::<Vec<_>>()
        };
        let (principal, access) = (rows(&attributes.principal_tags), rows(&attributes.access_control));
        let source = attributes.source_identity.clone().unwrap_or_default();
        Self {
            principal,
            access,
            source: TagDraft::of(0, "", &source, false),
            duration: attributes.session_duration.map(|span| span.to_string()).unwrap_or_default(),
            next,
        }
    }
}
