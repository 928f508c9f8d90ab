//! Styles, scripts and icons, compiled in. They are served under an address that holds a hash of all
//! of them (`/static/<hash>/app.css`), so browsers may keep them for a year and never show old ones;
//! scripts can import each other by relative addresses. No file of the disk is ever served from here.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use aws_lc_rs::digest::{Context, SHA256};

/// One compiled-in file.
struct Asset {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal: $content_type:literal),+ $(,)?) => {
        [$(Asset {
            name: $name,
            content_type: $content_type,
            bytes: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/", $name)),
        }),+]
    };
}

static ASSETS: &[Asset] = &assets! {
    "app.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "govuk/govuk-frontend.min.css": "text/css; charset=utf-8",
    "govuk/govuk-frontend.min.js": "text/javascript; charset=utf-8",
    "govuk/LICENSE.txt": "text/plain; charset=utf-8",
};

/// First 16 hexadecimal digits of the SHA-256 over all names and contents.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut context = Context::new(&SHA256);
    for asset in ASSETS {
        context.update(asset.name.as_bytes());
        context.update(asset.bytes);
    }
    hex::encode(context.finish()).chars().take(16).collect()
});

/// The address of a static file, for example `asset_url("app.css")`.
pub fn asset_url(name: &str) -> String {
    format!("/static/{}/{name}", *VERSION)
}

/// Whether a path leads here.
pub fn is_asset(path: &str) -> bool {
    path.starts_with("/static/")
}

/// `GET /static/{version}/{name}`. An address with another version (a page opened before an upgrade)
/// gets the present file, but not for keeping.
pub async fn serve(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (version, name) = path.into_inner();
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return HttpResponse::NotFound().finish();
    };
    let tag = format!("\"{}\"", *VERSION);
    let cache = if version == *VERSION {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .any(|known| known.trim().trim_start_matches("W/") == tag)
        });
    let mut response = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response.insert_header((header::ETAG, tag));
    response.insert_header((header::CACHE_CONTROL, cache));
    response.insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    if known {
        return response.finish();
    }
    response.insert_header((header::CONTENT_TYPE, asset.content_type));
    response.body(asset.bytes)
}

#[cfg(test)]
mod tests {
    use actix_web::App;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};

    use super::*;

    #[actix_web::test]
    async fn a_browser_keeps_a_file_for_a_year_and_asks_with_its_tag() {
        let app = init_service(App::new().configure(crate::web::routes)).await;
        let request = TestRequest::get().uri(&asset_url("app.css")).to_request();
        let response = call_service(&app, request).await;
        assert_eq!(response.status(), 200);
        let headers = response.headers().clone();
        assert_eq!(
            headers.get("content-type").unwrap(),
            "text/css; charset=utf-8"
        );
        assert_eq!(
            headers.get("cache-control").unwrap(),
            "public, max-age=31536000, immutable"
        );
        assert!(read_body(response).await.starts_with(b":root"));

        let again = TestRequest::get()
            .uri(&asset_url("app.css"))
            .insert_header(("If-None-Match", headers.get("etag").unwrap().clone()))
            .to_request();
        assert_eq!(call_service(&app, again).await.status(), 304);
    }

    #[actix_web::test]
    async fn an_old_address_still_works_and_an_unknown_file_does_not() {
        let app = init_service(App::new().configure(crate::web::routes)).await;
        let old = TestRequest::get()
            .uri("/static/0123/govuk/govuk-frontend.min.css")
            .to_request();
        let response = call_service(&app, old).await;
        assert_eq!(
            (
                response.status().as_u16(),
                response.headers().get("cache-control").unwrap()
            ),
            (200, &header::HeaderValue::from_static("no-cache"))
        );
        for uri in [
            "/static/0123/none.css",
            "/static/0123/../Cargo.toml",
            "/static/0123/..%2FCargo.toml",
        ] {
            let response = call_service(&app, TestRequest::get().uri(uri).to_request()).await;
            assert_eq!(response.status(), 404, "{uri}");
        }
    }

    #[test]
    fn no_style_or_script_reaches_out_to_other_hosts() {
        for asset in ASSETS
            .iter()
            .filter(|asset| asset.name.ends_with("css") || asset.name.ends_with("js"))
        {
            let source = std::str::from_utf8(asset.bytes).unwrap();
            assert!(
                !source.contains("url(http") && !source.contains("@import"),
                "{}",
                asset.name
            );
            assert!(!source.contains("GDS Transport\""), "{}", asset.name);
        }
    }
}
