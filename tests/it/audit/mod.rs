//! The journal as an outsider sees it: sealed, checked, exported; and whoever changes anything behind its back, with
//! all rights on the database, is named.

mod exporting;
mod sealing;
mod tampering;

use std::process::{Command, Output};

use bujianmian::domain::anchor::Anchor;
use bujianmian::domain::locale::Locale;
use bujianmian::domain::receipt::ReceiptNo;
use bujianmian::jobs::seals::{self, Sealed};
use bujianmian::store::Location;
use bujianmian::store::audit::Reader;
use bujianmian::usecases::auditing::{self, Report, Scope};

use crate::harness::service::Kind;
use crate::jobs::world::World;

/// A world whose journal has a history: pool 371000, four seals on two days, both days' lines written, one event
/// that still waits.
pub struct History {
    pub world: World,
    /// Approved in its three events; sealed at the first and at the third.
    pub approved: ReceiptNo,
    /// Asked for more in its three events.
    pub asked: ReceiptNo,
    /// Filed the next day.
    pub filed: ReceiptNo,
    /// Filed after the last seal.
    pub newest: ReceiptNo,
}

impl History {
    pub fn on(kind: Kind) -> Self {
        let world = World::start(kind, Locale::Zh);
        let approved = world.files("a", "110100");
        assert_eq!(seal(&world), sealed(1, 1, 0));
        world.handler_takes_and_approves(&approved);
        let asked = world.files("b", "120100");
        assert_eq!(seal(&world), sealed(3, 1, 0));
        world.handler_takes_and_asks_for_more(&asked);
        assert_eq!(seal(&world), sealed(2, 1, 0));
        world.set("2026-11-25T09:00:00+08:00");
        let filed = world.files("c", "310100");
        assert_eq!(seal(&world), sealed(1, 1, 1));
        world.set("2026-11-26T09:00:00+08:00");
        assert_eq!(seal(&world), sealed(0, 0, 1));
        let newest = world.files("d", "500100");
        Self {
            world,
            approved,
            asked,
            filed,
            newest,
        }
    }

    pub fn reader(&self) -> Reader {
        Reader::open(&self.world.harness.location).unwrap()
    }

    pub fn verify(&self, published: &[Anchor]) -> Report {
        self.verify_within(Scope::default(), published)
    }

    pub fn verify_within(&self, scope: Scope, published: &[Anchor]) -> Report {
        auditing::verify(&mut self.reader(), &scope, published, 20).unwrap()
    }

    /// The lines of both days, as somebody who kept them has them.
    pub fn published(&self) -> Vec<Anchor> {
        let days = ["2026-11-24", "2026-11-25"];
        days.iter()
            .flat_map(|day| auditing::lines(&mut self.reader(), day.parse().ok()).unwrap())
            .collect()
    }

    /// Runs `audit` of the program itself on this database.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bujianmian"));
        command.arg("audit").args(arguments);
        let folder = tempfile::tempdir().unwrap();
        match &self.world.harness.location {
            Location::Server(url) => command.args(["--database-url", url]),
            Location::File(file) => {
                let name = folder.path().join("bujianmian.db");
                std::os::unix::fs::symlink(file, name).unwrap();
                command.arg("--data").arg(folder.path())
            }
        };
        command.env_remove("DATABASE_URL").output().unwrap()
    }
}

pub fn seal(world: &World) -> Sealed {
    world.run(seals::run(&world.harness.app)).unwrap()
}

pub fn sealed(events: usize, seals: usize, anchors: usize) -> Sealed {
    Sealed {
        events,
        seals,
        anchors,
    }
}

pub fn printed(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}
