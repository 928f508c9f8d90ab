//! The supervisor's desk: figures that lead to their lists, by item and by handler, and two charts.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::frame;
use super::notices::count;
use super::rows::item_name;
use crate::domain::actor::Role;
use crate::usecases::desk::Count;
use crate::usecases::supervising::{self, Handler, Load, Overview};
use crate::usecases::{App, contacting};
use crate::web::components::{Bars, Chart, Series};
use crate::web::page::{Chrome, Link, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::{contacts, desk as desk_urls, oversight as to};
use crate::web::words;

/// The desk.
#[derive(Template)]
#[template(path = "desk/supervisor.html")]
struct SupervisorPage {
    chrome: Chrome,
    figures: Vec<Figure>,
    tools: Vec<Link>,
    items: Vec<(String, Vec<Link>)>,
    handlers: Vec<(String, Link, String, String)>,
    today: Chart,
    month: Chart,
    taken: String,
}

/// A count and where its cases are.
struct Figure {
    count: String,
    link: Link,
}

/// `GET /desk/supervisor`.
pub async fn overview(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    user.actor.require(supervising::READERS)?;
    let chrome = frame(&request, &user, "oversight-title");
    let overview = supervising::overview(&app, &user.actor).await?;
    let mut figures = figures(&chrome, &overview, user.actor.role);
    if user.actor.role == Role::Supervisor {
        figures.push(Figure {
            count: count(contacting::overdue(&app, &user.actor).await?),
            link: Link::to(contacts::list("overdue", ""), chrome.t("contacts-overdue")),
        });
    }
    let content = SupervisorPage {
        figures,
        tools: tools(&chrome, user.actor.role),
        items: overview
            .items
            .iter()
            .map(|(slug, load)| (item_name(chrome.locale, slug), of_item(slug, load)))
            .collect(),
        handlers: overview.handlers.iter().map(of_handler).collect(),
        today: today(&chrome, &overview),
        month: month(&chrome, &overview),
        taken: chrome.t1("oversight-as-of", "moment", chrome.moment(&app.clock.now())),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn figures(chrome: &Chrome, overview: &Overview, role: Role) -> Vec<Figure> {
    let figure = |number: Count, key: &str, url: String| Figure {
        count: count(number),
        link: Link::to(url, chrome.t(key)),
    };
    let list = |show: &str| to::list(show, "", "", "");
    let mut figures = vec![
        figure(overview.all.running, "oversight-running", list("running")),
        figure(
            overview.all.due_today,
            "oversight-due-today",
            list("due-today"),
        ),
        figure(overview.all.at_risk, "oversight-at-risk", list("at-risk")),
        figure(overview.all.late, "oversight-late", list("late")),
        figure(overview.unclaimed, "oversight-unclaimed", list("unclaimed")),
        figure(overview.escalated, "oversight-escalated", list("escalated")),
        figure(
            overview.paused,
            "oversight-paused",
            desk_urls::cases("supplement_requested", ""),
        ),
    ];
    if role == Role::Supervisor {
        figures.push(figure(
            overview.follow_ups,
            "follow-ups-title",
            to::follow_ups("", ""),
        ));
    }
    figures
}

fn tools(chrome: &Chrome, role: Role) -> Vec<Link> {
    let mut links = vec![
        (to::breaches(&[]), "breaches-title"),
        (to::samples(""), "samples-title"),
    ];
    if role == Role::Supervisor {
        links.push((to::balance(), "balance-title"));
        links.push((to::follow_ups("", ""), "follow-ups-title"));
    }
    links.push((to::statistics(&[]), "statistics-title"));
    links
        .into_iter()
        .map(|(url, key)| Link::to(url, chrome.t(key)))
        .collect()
}

fn of_item(slug: &str, load: &Load) -> Vec<Link> {
    [
        (load.running, "running"),
        (load.due_today, "due-today"),
        (load.at_risk, "at-risk"),
        (load.late, "late"),
    ]
    .into_iter()
    .map(|(number, show)| Link::to(to::list(show, slug, "", ""), count(number)))
    .collect()
}

fn of_handler(handler: &Handler) -> (String, Link, String, String) {
    let account = handler.colleague.account.to_string();
    (
        handler.colleague.name.clone(),
        Link::to(to::list("held", "", &account, ""), count(handler.held)),
        count(handler.due_today),
        words::count(u64::from(handler.done_today)),
    )
}

fn today(chrome: &Chrome, overview: &Overview) -> Chart {
    let labels: Vec<String> = overview
        .hours
        .iter()
        .map(|hour| format!("{}:00", hour.hour))
        .collect();
    let series = |place: usize, key: &str| Series {
        name: chrome.t(key),
        counts: (overview.hours.iter())
            .map(|hour| hour.counts.get(place).copied().unwrap_or_default())
            .collect(),
    };
    Chart::new(
        chrome.locale,
        "chart-today",
        (chrome.t("chart-today"), chrome.t("chart-hour")),
        &labels,
        &[
            series(0, "chart-filed"),
            series(1, "chart-done"),
            series(2, "chart-breached"),
        ],
        Bars::Grouped,
    )
}

fn month(chrome: &Chrome, overview: &Overview) -> Chart {
    let labels: Vec<String> = overview
        .days
        .iter()
        .map(|day| day.day.format("%m-%d").to_string())
        .collect();
    let series = |place: usize, key: &str| Series {
        name: chrome.t(key),
        counts: (overview.days.iter())
            .map(|day| day.counts.get(place).copied().unwrap_or_default())
            .collect(),
    };
    Chart::new(
        chrome.locale,
        "chart-month",
        (chrome.t("chart-month"), chrome.t("chart-day")),
        &labels,
        &[series(0, "chart-in-time"), series(1, "chart-late")],
        Bars::Stacked,
    )
}
