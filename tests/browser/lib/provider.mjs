// An identity platform of the tests' own: the certified provider `oidc-provider` on loopback. Whoever types
// `resident:NUMBER` or `staff:NUMBER` at its login page is that person; any password will do.

import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

export const CLIENT = 'portal';
export const SECRET = 'a-secret-of-the-tests';

/** Listens at once; `serve(portal)` makes it answer for the portal at that address. */
export async function openPlatform() {
  let answer = (_, response) => response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  return {
    issuer,
    env: {
      BUJIANMIAN_OIDC_ISSUER: issuer,
      BUJIANMIAN_OIDC_CLIENT_ID: CLIENT,
      BUJIANMIAN_OIDC_CLIENT_SECRET: SECRET,
      BUJIANMIAN_OIDC_NAME: '示例省身份认证',
    },
    serve(portal) {
      answer = provider(issuer, portal).callback();
    },
    stop: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    }),
  };
}

function provider(issuer, portal) {
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT,
        client_secret: SECRET,
        redirect_uris: [`${portal}/login/platform/callback`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['id_number', 'staff_no'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...numbers(id) }) }),
    cookies: { keys: ['of the tests'] },
    ttl: { Session: 60, Grant: 60, Interaction: 60, AccessToken: 60, IdToken: 60 },
  });
}

function numbers(id) {
  const [kind, number] = id.split(':');
  return kind === 'staff' ? { staff_no: number } : { id_number: number };
}
