use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{
    operation::{Asked, Operation},
    routes::operations,
};
use crate::http::problem::Problem;

/// The OpenAPI 3.1 document of the API, made from the operations that are served and the types that they speak.
pub fn document() -> Value {
    // OpenAPI 3.1 §4.8.24: schemas are JSON Schema 2020-12.
    let mut schemas = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
        .into_generator();
    let problem = schemas.subschema_for::<Problem>();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations() {
        let described = describe(&operation, &mut schemas);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(operation.method.to_owned(), described);
        }
    }
    let problem = json!({
        "description": "A problem document (RFC 9457)",
        "content": { "application/problem+json": { "schema": problem } },
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rolecall",
            "version": "1",
            "description": "What administrators and auditors do in the console, for programs. A change names the version it is made from, \
                            as reading the thing gave it; if the thing was changed meanwhile, the answer is 409.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "`rolecall token create` makes one." } },
            "responses": { "Problem": problem },
            "schemas": schemas.take_definitions(true),
        },
    })
}

fn describe(operation: &Operation, schemas: &mut schemars::SchemaGenerator) -> Value {
    let problem = || json!({ "$ref": "#/components/responses/Problem" });
    let mut parameters: Vec<Value> = in_path(operation.path).map(path_parameter).collect();
    parameters.extend(in_query(operation.asked));
    let mut success = json!({ "description": operation.summary });
    if let (Some(answer), Value::Object(success)) = (operation.answer, &mut success) {
        success.insert("content".to_owned(), json!({ "application/json": { "schema": answer(schemas) } }));
        if operation.status == 201 {
            let location = json!({ "Location": { "schema": { "type": "string" }, "description": "where it is" } });
            success.insert("headers".to_owned(), location);
        }
    }
    if let (Some(media), Value::Object(success)) = (operation.media, &mut success) {
        success.insert("content".to_owned(), json!({ media: {} }));
    }
    let mut responses =
        json!({ operation.status.to_string(): success, "401": problem(), "403": problem(), "default": problem() });
    let mut also = |status: &str| {
        if let Value::Object(responses) = &mut responses {
            responses.insert(status.to_owned(), problem());
        }
    };
    if operation.asked != Asked::Nothing {
        also("400");
    }
    if operation.path.contains('{') {
        also("404");
    }
    if operation.method != "get" {
        also("409");
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "description": format!("{}. Needs the role {}.", operation.summary, operation.least.word()),
        "tags": [operation.path.trim_start_matches('/').split('/').next().unwrap_or_default()],
        "x-least-role": operation.least.word(),
        "parameters": parameters,
    });
    if let Value::Object(described) = &mut described {
        if let Some(body) = operation.body {
            for status in ["400", "413", "415", "422"] {
                also(status);
            }
            let content = json!({ "application/json": { "schema": body(schemas) } });
            described.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
        }
        described.insert("responses".to_owned(), responses);
    }
    described
}

fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

fn path_parameter(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } })
}

const ANYWAY: &str = "The key signs from now on, though nothing says that the service has it and people sign on with another one; or a retiring key goes that is the way back. Without it such a change is refused and says what to do in place of it";

fn in_query(asked: Asked) -> Vec<Value> {
    let parameter = |name: &str, description: &str, schema: Value, required: bool| json!({ "name": name, "in": "query", "description": description, "schema": schema, "required": required });
    let text = || json!({ "type": "string" });
    match asked {
        Asked::Nothing => Vec::new(),
        Asked::List => vec![
            parameter("q", "Free text; empty: everything", text(), false),
            parameter(
                "page",
                "From 1; a page has 25 rows",
                json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
                false,
            ),
            parameter("sort", "A column; a leading - sorts descending", text(), false),
            parameter("filter", "A filter of the list's own, such as an event kind", text(), false),
            parameter("target", "Of events: what they are about, exactly, such as `application aws`", text(), false),
        ],
        Asked::Anyway => vec![parameter("anyway", ANYWAY, json!({ "type": "boolean" }), false)],
        Asked::Version | Asked::VersionAndService | Asked::VersionAndAnyway => {
            let schema = json!({ "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64 });
            let version = "The version that the change is made from, as reading the thing gave it";
            let service = "The address is that of another service: what is known of the former one is forgotten. Without it such a change is refused and says what it means";
            let mut parameters = vec![parameter("version", version, schema, true)];
            if asked == Asked::VersionAndService {
                parameters.push(parameter("another_service", service, json!({ "type": "boolean" }), false));
            }
            if asked == Asked::VersionAndAnyway {
                parameters.extend(in_query(Asked::Anyway));
            }
            parameters
        }
    }
}
