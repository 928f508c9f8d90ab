//! A running service of one test's own: a fresh database of either kind, business time that stands still, a port
//! of its own. It is stopped with this value.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, RwLock, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use bujianmian::clock::Clock;
use bujianmian::config::{Http, Platform, Sessions, SignInLimits, StaffTotp, UploadLimits};
use bujianmian::data;
use bujianmian::documents::files::Files;
use bujianmian::domain::calendar::Calendar;
use bujianmian::domain::time::Ts;
use bujianmian::identity;
use bujianmian::store::vault::{Secret, Vault, random_secret};
use bujianmian::store::{Conn, Db, Location, StoreError, migrations};
use bujianmian::usecases::App;
use bujianmian::usecases::accounts::SignIn;
use bujianmian::usecases::app::{DemoInfo, Parts, WorkingDays};
use bujianmian::usecases::office::Office;
use bujianmian::web::server::{StoppedBy, build};

use super::postgres::{TestDatabase, fresh_database};

/// The databases on which every journey runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Embedded.
    Sqlite,
    /// Server.
    Postgres,
}

/// A running service.
pub struct Harness {
    /// Its parts, to look behind the doors.
    pub app: App,
    /// Its address: `http://127.0.0.1:PORT`.
    pub base: String,
    server: ServerHandle,
    thread: Option<JoinHandle<()>>,
    /// Its database, for who looks at it or tampers with it from outside.
    pub location: Location,
    keys: Keys,
    /// Where uploads are kept.
    pub files: tempfile::TempDir,
    /// Dropped last: it is the database of everything above.
    _database: Place,
}

/// What sealed columns are sealed and found with.
struct Keys {
    sealing: BTreeMap<u8, Secret>,
    index: Secret,
}

fn open(location: &Location, keys: &Keys) -> Db {
    let vault = Vault::new(&keys.sealing, &keys.index).expect("a vault");
    Db::open(location, 4, vault).expect("the database opens")
}

/// Held until the test is over, looked at by nobody.
enum Place {
    File(#[expect(dead_code, reason = "held to be dropped")] tempfile::TempDir),
    Server(#[expect(dead_code, reason = "held to be dropped")] TestDatabase),
}

/// What a test may set.
#[derive(Default)]
pub struct Settings {
    /// Sessions.
    pub sessions: Sessions,
    /// Limits of failed sign-ins.
    pub limits: Option<SignInLimits>,
    /// Whether staff need a second factor; optional when unset.
    pub staff_totp: Option<StaffTotp>,
    /// The identity platform.
    pub platform: Option<Platform>,
    /// Offered on the sign-in page.
    pub demo: Option<DemoInfo>,
    /// How large uploads may be.
    pub uploads: UploadLimits,
    /// Changes how the service is reached and limited.
    pub http: Option<ChangeHttp>,
}

/// Changes how a service is reached and limited.
pub type ChangeHttp = Box<dyn FnOnce(&mut Http)>;

/// When the tests' business time stands: a Tuesday morning.
pub const NOW: &str = "2026-11-24T10:00:00+08:00";

impl Harness {
    /// On the embedded database.
    pub fn sqlite() -> Self {
        Self::start(Kind::Sqlite)
    }

    /// On either, without limits of sign-ins.
    pub fn start(kind: Kind) -> Self {
        Self::with(kind, Settings::default())
    }

    /// On either, with settings.
    pub fn with(kind: Kind, settings: Settings) -> Self {
        let (place, location) = match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder");
                let file = folder.path().join("test.sqlite");
                (Place::File(folder), Location::File(file))
            }
            Kind::Postgres => {
                let database = fresh_database();
                let location = Location::Server(database.url.clone());
                (Place::Server(database), location)
            }
        };
        let files = tempfile::tempdir().expect("a folder");
        let keys = Keys {
            sealing: BTreeMap::from([(1, random_secret().expect("random bytes"))]),
            index: random_secret().expect("random bytes"),
        };
        let db = open(&location, &keys);
        migrations::up(&db).expect("the schema is made");
        let app = App::new(Parts {
            db,
            clock: Clock::fixed(Ts::parse(NOW).expect("an instant")),
            working_days: RwLock::new(WorkingDays {
                version: 0,
                calendar: Calendar::parse(data::CALENDARS).expect("the calendars are good"),
            }),
            office: Office::load(None).expect("the office's data are good"),
            sign_in: SignIn::new(
                settings.sessions,
                settings.limits.unwrap_or(SignInLimits::Off),
                settings.staff_totp.unwrap_or(StaffTotp::Optional),
            ),
            platform: settings
                .platform
                .map(|settings| Arc::new(identity::Platform::new(settings))),
            files: Files::in_folder(files.path(), settings.uploads).expect("a folder of files"),
            demo: settings.demo,
        });
        Self::serve(app, (place, location, keys), files, settings.http)
    }

    /// The parts of another instance on the same database, its clock standing where this one's stands now. It knows
    /// no agencies before its office is refreshed.
    pub fn another(&self) -> App {
        App::new(Parts {
            db: open(&self.location, &self.keys),
            clock: Clock::fixed(self.app.clock.now()),
            working_days: RwLock::new(self.app.working_days()),
            office: Office::load(None).expect("the office's data are good"),
            sign_in: SignIn::new(Sessions::default(), SignInLimits::Off, StaffTotp::Optional),
            platform: None,
            files: Files::in_folder(self.files.path(), UploadLimits::default())
                .expect("a folder of files"),
            demo: None,
        })
    }

    fn serve(
        app: App,
        (place, location, keys): (Place, Location, Keys),
        files: tempfile::TempDir,
        change: Option<ChangeHttp>,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (handles, handle) = mpsc::channel();
        let served = app.clone();
        let mut http = Http::loopback(port);
        if let Some(change) = change {
            change(&mut http);
        }
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = build(served, http, listener, StoppedBy::Handle).expect("a server");
                handles.send(server.handle()).expect("the test waits");
                server.await.expect("the server ends well");
            });
        });
        Self {
            app,
            base: format!("http://127.0.0.1:{port}"),
            server: handle.recv().expect("the server starts"),
            thread: Some(thread),
            location,
            keys,
            files,
            _database: place,
        }
    }

    /// Reads behind the doors.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn<'_>) -> Result<T, StoreError>) -> T {
        self.app.db.read_blocking(work).expect("it is read")
    }

    /// Writes behind the doors, to set a scene.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.app.db.write_blocking(work).expect("it is written")
    }

    /// A number from `/metrics`: the sum of all samples whose name begins with `name`.
    pub fn metric(&self, name: &str) -> f64 {
        let text = reqwest::blocking::get(format!("{}/metrics", self.base))
            .and_then(reqwest::blocking::Response::text)
            .expect("metrics");
        text.lines()
            .filter(|line| line.starts_with(name))
            .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            .sum()
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        // The future only waits for the answer; the order to stop is sent when it is made.
        drop(self.server.stop(false));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.expect("the server ended well");
            }
        }
    }
}
