//! Photographs of parcels (RB-1): what came, before it belongs to a case, and what went back. Papers of a case are
//! [`crate::usecases::papers`]'. A row stands only for a file that is safely written; files are sealed.

use uuid::Uuid;

use super::{App, CLERKS, Error, READERS, agency, taken, theirs};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::ids::{MaterialId, ParcelId};
use crate::domain::parcel::Shows;
use crate::store::parcels::{self, Photo};
use crate::store::vault::sha256;
use crate::usecases::papers::{self, Download, discard, fetched, out_of_reach};

/// Photographs of one parcel at most.
const MOST_PHOTOS: usize = 30;

/// Adds a photograph.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for a parcel of another mailroom, [`Error::Invalid`] at `file`.
pub async fn add(
    app: &App,
    actor: &Actor,
    id: ParcelId,
    shows: Shows,
    bytes: Vec<u8>,
) -> Result<MaterialId, Error> {
    let (app, actor) = (app.clone(), actor.clone());
    // On its own, so that a browser that hangs up between file and row leaves neither alone.
    tokio::spawn(async move { store(&app, &actor, id, shows, bytes).await })
        .await
        .map_err(|e| Error::Fault(e.to_string()))?
}

async fn store(
    app: &App,
    actor: &Actor,
    id: ParcelId,
    shows: Shows,
    bytes: Vec<u8>,
) -> Result<MaterialId, Error> {
    let agency = agency(actor, CLERKS)?;
    app.db
        .read(move |conn| theirs(conn, agency, id).map(drop))
        .await?;
    let file = papers::taken(app, bytes).await?;
    let key: Uuid = Clock::new_id();
    let photo = Photo {
        id: Clock::new_id(),
        shows,
        file_key: key.to_string(),
        content_type: file.content_type.to_owned(),
        size: i64::try_from(file.bytes.len()).map_err(|e| Error::Fault(e.to_string()))?,
        sha256: sha256(&file.bytes),
        uploaded_by: actor.account,
        uploaded_at: app.clock.now(),
    };
    let sealed = app.db.vault().seal(&file.bytes)?;
    app.files.put(key, sealed).await.map_err(out_of_reach)?;
    let photo_id = photo.id;
    let saved = app
        .db
        .write(move |conn| {
            let parcel = taken(conn, agency, id)?;
            let place = (parcel.pool, id);
            if parcels::photos(conn, place)?.len() >= MOST_PHOTOS {
                let error = FieldError::new("file", "file-too-many").with("most", MOST_PHOTOS);
                return Err(Error::Invalid(vec![error]));
            }
            Ok(parcels::add_photo(conn, place, &photo)?)
        })
        .await;
    let Err(error) = saved else {
        return Ok(photo_id);
    };
    // A connection that broke while it was saved may have saved it.
    let pool = agency.pool();
    let found = app
        .db
        .read(move |conn| parcels::photo_exists(conn, pool, photo_id).map_err(Error::from))
        .await;
    match found {
        Ok(true) => Ok(photo_id),
        Ok(false) => {
            discard(app, key).await;
            Err(error)
        }
        Err(_) => Err(error),
    }
}

/// A photograph, for those who read the agency's parcels.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for what is not there.
pub async fn download(
    app: &App,
    actor: &Actor,
    id: ParcelId,
    photo: MaterialId,
) -> Result<Download, Error> {
    let agency = agency(actor, READERS)?;
    let found = app
        .db
        .read(move |conn| {
            let parcel = theirs(conn, agency, id)?;
            let photos = parcels::photos(conn, (parcel.pool, id))?;
            let found = photos.into_iter().find(|one| one.id == photo);
            found.ok_or(Error::NotFound)
        })
        .await?;
    let bytes = fetched(app, &found.file_key, &found.sha256).await?;
    let ending = found.content_type.rsplit('/').next().unwrap_or_default();
    Ok(Download {
        file_name: format!("parcel-{}.{ending}", found.id),
        content_type: found.content_type,
        bytes,
    })
}
