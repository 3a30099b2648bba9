use leptos::prelude::*;

use super::source::painted;

/// A text area of Python: `control` itself is see-through once the browser has taken over, and what it holds is painted
/// behind it in the same places. Its height follows that of the painting. Names are offered below the caret.
pub fn editor(id: &str, names: &'static str, fault: Option<u32>, source: &str, control: AnyView) -> AnyView {
    let html = painted(source, names, fault, None);
    view! {
        <div class="editor" data-names=names data-fault=fault.map(|line| line.to_string())>
            <pre class="layer" aria-hidden="true"><code class="python" inner_html=html></code></pre>
            {control}
            <ul class="names" id=list_id(id) role="listbox" aria-label="Names" hidden=true></ul>
        </div>
    }
    .into_any()
}

/// The id of the names that are offered for a text area.
pub fn list_id(id: &str) -> String {
    format!("{id}-names")
}
