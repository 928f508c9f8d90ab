//! The one responder that sends pages. A page is a struct above its
//! handler:
//!
//! ```ignore
//! #[derive(Template)]
//! #[template(path = "public/home.html")]
//! struct HomePage {
//!     chrome: Chrome,
//!     items: Vec<Card>,
//! }
//!
//! async fn home(preferences: Preferences, request: HttpRequest) -> HttpResponse {
//!     let chrome = Chrome::new(preferences, &request, "home-title");
//!     page(StatusCode::OK, &HomePage { chrome, items: cards() })
//! }
//! ```
//!
//! and its template begins:
//!
//! ```text
//! {% extends "layout/base.html" %}
//! {% block main %}<h1 class="govuk-heading-l">{{ chrome.title }}</h1>{% endblock %}
//! ```
//!
//! Pages carry no inline script or style and no raw addresses; they never decide what a person may do.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::data::texts::text;
use crate::domain::locale::Locale;
pub use crate::web::chrome::{Chrome, Current, Link, SignedIn, Width};

/// Only our own files; no inline script or style, no frames, forms only to ourselves.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; object-src 'none'; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'self'";

/// Headers of every page beside its type.
const HEADERS: [(header::HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    // A page may hold a form token or somebody's data, and changes with two cookies: none is kept, so
    // that nothing can be read with the back button after signing out.
    (header::CACHE_CONTROL, "no-store"),
    (
        header::PERMISSIONS_POLICY,
        "camera=(self), geolocation=(), microphone=(), payment=()",
    ),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    (header::VARY, "Cookie, Accept-Language"),
];

/// Turns a page into the answer. A page that cannot be rendered is answered 500 in plain words.
pub fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    let (status, content_type, body) = match template.render() {
        Ok(html) => (status, "text/html; charset=utf-8", html),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            let words = [
                text(Locale::Zh, "problem-fault"),
                text(Locale::En, "problem-fault"),
            ]
            .join("\n");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "text/plain; charset=utf-8",
                words,
            )
        }
    };
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, content_type));
    for pair in HEADERS {
        response.insert_header(pair);
    }
    response.body(body)
}

/// Leads on with a GET after a form was sent (POST-redirect-GET). `url` comes from [`crate::web::urls`], never from
/// the request; use [`crate::web::urls::local_or_home`] for what a request names.
pub fn see_other(url: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, url))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;

    use super::*;
    use crate::domain::time::Ts;
    use crate::web::errors::{ErrorPage, Problem};
    use crate::web::preferences::{Preferences, Print};

    #[derive(Template)]
    #[template(
        source = r#"{% extends "layout/base.html" %}{% import "macros/frame.html" as frame %}{% block before_main %}{% call frame::back(chrome, "/up") %}{% endcall %}{% endblock %}{% block main %}<h1>{{ chrome.title }}</h1>{% call frame::csrf(chrome) %}{% endcall %}{% call frame::details("怎样算出") %}<p>1 + 1</p>{% endcall %}{% call frame::button("继续") %}{% endcall %}{% call frame::other_button("保存", "do", "save") %}{% endcall %}{% call frame::print_button(chrome) %}{% endcall %}{% call frame::warning(chrome, "注意") %}{% endcall %}{% call frame::table("办件") %}<tbody></tbody>{% endcall %}{% endblock %}"#,
        ext = "html"
    )]
    struct Sample {
        chrome: Chrome,
    }

    fn chrome(preferences: Preferences) -> Chrome {
        let request = TestRequest::get()
            .uri("/somewhere?page=2")
            .to_http_request();
        Chrome::new(preferences, &request, "nav-inbox")
    }

    async fn body(response: HttpResponse) -> String {
        String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap()
    }

    #[actix_web::test]
    async fn a_page_has_its_frame_and_its_headers() {
        let response = page(
            StatusCode::OK,
            &Sample {
                chrome: chrome(Preferences::default()),
            },
        );
        let headers = response.headers().clone();
        assert_eq!(
            headers.get("content-type").unwrap(),
            "text/html; charset=utf-8"
        );
        assert_eq!(headers.get("cache-control").unwrap(), "no-store");
        let policy = headers
            .get("content-security-policy")
            .unwrap()
            .to_str()
            .unwrap();
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"));
        let html = body(response).await;
        assert!(
            html.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\" class=\"govuk-template\">"),
            "{html}"
        );
        assert!(html.contains("<title>消息 – 不见面办医保</title>"));
        assert!(html.contains("/preferences/language/en?back=%2Fsomewhere%3Fpage%3D2"));
        assert!(html.contains("/login?next=%2Fsomewhere%3Fpage%3D2") && !html.contains("退出"));
        assert!(
            html.contains("<p>1 + 1</p>")
                && html.contains("打印本页")
                && html.contains("注意</strong>")
        );
        assert!(
            !html.contains("<script>") && !html.contains(" style=") && !html.contains("onclick")
        );
    }

    #[actix_web::test]
    async fn the_frame_says_who_is_signed_in_and_that_it_is_a_demo() {
        let preferences = Preferences {
            locale: Locale::En,
            print: Print::Large,
        };
        let mut chrome = chrome(preferences);
        chrome.user = Some(SignedIn {
            name: "示例<甲>".into(),
            role: "role-handler",
            session_seconds: 900,
            unread: 0,
        });
        chrome.csrf = Some("token".into());
        chrome.demo = Ts::parse("2020-02-03T09:00:00+08:00");
        chrome.nav = vec![
            Link::to("/a".into(), "Queue").marked("/a"),
            Link::to("/b".into(), "Mine").marked("/a"),
        ];
        chrome.breadcrumbs = vec![Link::to("/".into(), "Home")];
        chrome.hotline = Some("12393".into());
        chrome.faulty = true;
        let html = body(page(StatusCode::OK, &Sample { chrome })).await;
        assert!(html.contains(r#"<html lang="en" class="govuk-template large">"#));
        assert!(html.contains("<title>Error: Messages – "));
        assert!(html.contains("示例&#60;甲&#62; (Handler)"));
        assert!(html.contains(r#"name="csrf" value="token""#) && html.contains("Sign out"));
        assert!(html.contains("Mon 3 Feb 2020, 09:00 Beijing time"));
        assert!(
            html.contains(r#"<a href="/a" aria-current="page">Queue</a>"#)
                && html.contains(r#"<a href="/b">Mine</a>"#)
        );
        assert!(html.contains(r#"href="tel:12393""#) && html.contains("Normal print"));
        assert!(html.contains(r#"data-session-seconds="900""#));
    }

    #[actix_web::test]
    async fn every_problem_has_words_in_both_languages_and_a_way_back() {
        for locale in Locale::ALL {
            for problem in Problem::ALL {
                let preferences = Preferences {
                    locale,
                    print: Print::Normal,
                };
                let mut error = ErrorPage::new(chrome(preferences), problem);
                error.kept_text = Some("我写的<字>".into());
                error.changes = vec!["甲已受理".into()];
                error.request_id = Some("0192".into());
                let response = error.respond(problem);
                assert_eq!(response.status(), problem.status());
                assert_eq!(
                    response.headers().contains_key("retry-after"),
                    matches!(problem, Problem::TooMany | Problem::Busy)
                );
                let html = body(response).await;
                assert!(!html.contains(">problem-"), "{problem:?} {html}");
                assert!(
                    html.contains("我写的&#60;字&#62;")
                        && html.contains("甲已受理")
                        && html.contains("0192")
                );
            }
        }
    }
}
