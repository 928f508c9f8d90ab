//! RB-2: the plan, the day sheet, reminders and who did not come.

use bujianmian::jobs::appointments;
use rstest::rstest;

use super::{book, clock, id, left, notices, slots, states, wait, with_counter};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::{PASSWORD, World};

const THURSDAY: &str = "2026-11-26T09:30:00+08:00";

#[rstest]
fn a_supervisor_makes_a_plan_that_opens_working_days_only(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let supervisor = TestUser::sign_in(&world.harness, "supervisor1", PASSWORD);
    let page = "/desk/counters";
    let new = [("number", "3"), ("name", "零星报销")];
    supervisor.submit(page, page, &new).expect(303);
    let again = supervisor.submit(page, page, &new).expect(422);
    assert!(again.text.contains("该机构已有此窗口号"), "{}", again.text);

    let shown = supervisor.get(page).expect(200);
    let (_, rest) = shown.text.split_once("name=\"counter\" value=\"").unwrap();
    let counter = rest.split('"').next().unwrap().to_owned();
    let to = "/desk/counters/openings";
    let line = |from: &'static str, minutes: &'static str| {
        vec![
            ("counter", counter.clone()),
            ("weekdays", "2".to_owned()),
            ("weekdays", "4".to_owned()),
            ("from", from.to_owned()),
            ("to", "12:00".to_owned()),
            ("minutes", minutes.to_owned()),
            ("capacity", "4".to_owned()),
        ]
    };
    let send = |fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        supervisor.submit(page, to, &fields)
    };
    let wrong = send(&line("8.30", "3")).expect(422);
    assert!(
        wrong.text.contains("请填写 5 至 240 的整数"),
        "{}",
        wrong.text
    );
    send(&line("08:30", "60")).expect(303);
    let overlap = send(&line("09:00", "30")).expect(422);
    assert!(overlap.text.contains("该窗口此时已有安排"));

    // It is Tuesday, 10:00: what has begun can't be booked; 3 hours on 2 days of 2 weeks and the day itself.
    let starts: Vec<String> = slots(&world)
        .iter()
        .map(|one| one["starts_at"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(starts.len(), 1 + 4 * 3, "{starts:?}");
    assert_eq!(starts[0], "2026-11-24T10:30:00+08:00");

    let removed = [
        ("counter", counter.as_str()),
        ("weekdays", "24"),
        ("from", "08:30"),
    ];
    supervisor
        .submit(page, "/desk/counters/openings/remove", &removed)
        .expect(303);
    assert!(slots(&world).is_empty());
}

#[rstest]
fn closing_a_day_tells_who_had_a_place(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = with_counter(kind, 1);
    book(&world, "resident1", THURSDAY, false).expect(201);
    book(&world, "resident2", THURSDAY, true).expect(201);
    let supervisor = TestUser::sign_in(&world.harness, "supervisor1", PASSWORD);
    let page = "/desk/counters";
    let form = [("day", "2026-11-26"), ("reason", "示例：设备检修")];
    supervisor
        .submit(page, "/desk/counters/closed-days", &form)
        .expect(303);
    assert_eq!(states(&world, "resident1"), ["cancelled"]);
    assert_eq!(states(&world, "resident2"), ["cancelled"]);
    assert_eq!(
        notices(&world, "resident1"),
        ["appointment-cancelled", "appointment-booked"]
    );
    let of_day = |world: &World| {
        let found = slots(world);
        found
            .iter()
            .filter(|one| one["starts_at"].as_str().unwrap().starts_with("2026-11-26"))
            .count()
    };
    assert_eq!(of_day(&world), 0);
    let again = [("day", "2026-11-26")];
    supervisor
        .submit(page, "/desk/counters/closed-days/open", &again)
        .expect(303);
    assert_eq!((of_day(&world), left(&world, THURSDAY)), (7, 1));
}

#[rstest]
fn people_are_reminded_once_and_who_does_not_come_is_recorded(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = with_counter(kind, 2);
    let app = &world.harness.app;
    let came = id(book(&world, "resident1", THURSDAY, false));
    book(&world, "resident2", THURSDAY, false).expect(201);
    wait(appointments::run(app));
    assert_eq!(notices(&world, "resident2"), ["appointment-booked"]);
    clock(app, "2026-11-25T09:00:00+08:00");
    assert_eq!(wait(appointments::run(app)), 2);
    assert_eq!(wait(appointments::run(app)), 0);
    assert_eq!(
        notices(&world, "resident2"),
        ["appointment-reminder", "appointment-booked"]
    );

    clock(app, "2026-11-26T09:20:00+08:00");
    let desk = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let sheet = "/desk/appointments?day=2026-11-26";
    let page = desk.get(sheet).expect(200);
    assert!(
        page.text.contains("示例居民1") && page.text.contains("1-0930-1"),
        "{}",
        page.text
    );
    let mark = format!("/desk/appointments/{came}/mark");
    let form = [("day", "2026-11-26"), ("what", "attended")];
    desk.submit(sheet, &mark, &form).expect(303);
    assert_eq!(states(&world, "resident1"), ["attended"]);
    // Another agency's handler sees nothing of it.
    let elsewhere = TestUser::sign_in(&world.harness, "handler-elsewhere", PASSWORD);
    let page = elsewhere.get(sheet).expect(200);
    assert!(!page.text.contains("示例居民1"));

    clock(app, "2026-11-26T10:59:59+08:00");
    assert_eq!(wait(appointments::run(app)), 0);
    clock(app, "2026-11-26T11:00:00+08:00");
    assert_eq!(wait(appointments::run(app)), 1);
    assert_eq!(states(&world, "resident2"), ["no-show"]);
    assert_eq!(states(&world, "resident1"), ["attended"]);
}
