// The two OIDC issuers of the demo and the tests: Entra (staff) and ID-porten (citizens), on two ports.
// Reads its configuration as JSON from the environment variable ISSUERS; keeps everything in memory.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';
import { claimsOf, peopleOf } from './people.mjs';
import { LEVELS, policyFor, levelsToOffer } from './levels.mjs';
import { errorPage, loggedOutPage, loginPage, logoutPage } from './pages.mjs';

const DAY = 24 * 3600;
// An authorization request lives for an hour, so that a page left open over lunch still works.
const TTL = { Session: 6 * 3600, Interaction: 3600, AuthorizationCode: 60, AccessToken: 3600, IdToken: DAY, Grant: DAY };

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' };
}

function clientMetadata(client) {
  return {
    client_id: client.id,
    client_secret: client.secret,
    redirect_uris: client.redirects,
    post_logout_redirect_uris: client.after_logout,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: client.authentication ?? 'client_secret_basic',
  };
}

// Everything that is asked for is granted: neither Entra nor ID-porten asks the person about our own services.
async function grantAll(ctx) {
  const { provider, client, session, requestParamOIDCScopes } = ctx.oidc;
  const known = session.grantIdFor(client.clientId);
  const grant = (known && await provider.Grant.find(known))
    || new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

function configurationOf(issuer, people) {
  const { kind } = issuer;
  const claims = claimsOf(kind);
  return {
    clients: issuer.clients.map(clientMetadata),
    jwks: { keys: [signingKey()] },
    // A cookie reaches every port of a host, so each issuer has names of its own.
    cookies: {
      keys: [issuer.cookie_key],
      names: { session: `${kind}-session`, interaction: `${kind}-interaction`, resume: `${kind}-resume` },
    },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub', ...claims], profile: [], email: [] },
    acrValues: kind === 'idporten' ? LEVELS : [],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    ttl: TTL,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => { ctx.body = logoutPage(kind, form); },
        postLogoutSuccessSource: (ctx) => { ctx.body = loggedOutPage(kind); },
      },
    },
    interactions: { policy: policyFor(kind), url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: grantAll,
    renderError: (ctx, out) => { ctx.type = 'html'; ctx.body = errorPage(kind, out); },
    async findAccount(_, id) {
      const person = people.find((candidate) => candidate.id === id);
      return person && { accountId: id, claims: () => ({ sub: id, ...person.claims }) };
    },
  };
}

async function formOf(request) {
  let text = '';
  for await (const piece of request) {
    text += piece;
    if (text.length > 10_000) break;
  }
  return new URLSearchParams(text);
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(body);
}

async function interact(issuer, people, provider, request, response) {
  const { kind } = issuer;
  const details = await provider.interactionDetails(request, response);
  const levels = kind === 'idporten' ? levelsToOffer(details.params.acr_values) : [];
  if (request.method !== 'POST') {
    const action = `/interaction/${details.uid}`;
    return send(response, 200, loginPage({ kind, action, people, levels, current: details.session?.accountId }));
  }
  const form = await formOf(request);
  if (form.has('cancel')) {
    const result = { error: 'access_denied', error_description: 'The person cancelled.' };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  const person = people.find((candidate) => candidate.id === form.get('person'));
  const acr = form.get('level') ?? levels[0];
  if (!person || (levels.length && !levels.includes(acr))) {
    return send(response, 400, errorPage(kind, { error: 'unknown person or level' }));
  }
  // ID-porten tells the language the person was shown.
  if (kind === 'idporten') person.claims.locale = details.params.ui_locales?.split(' ')[0] || person.language || 'nb';
  const login = { accountId: person.id, acr, amr: [kind === 'idporten' ? 'TestID' : 'pwd'], remember: false };
  return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
}

function serve(issuer, everybody) {
  const people = peopleOf(issuer.kind, everybody);
  const provider = new Provider(issuer.url, configurationOf(issuer, people));
  provider.on('server_error', (_, error) => console.error(error));
  const answer = provider.callback();
  const server = createServer((request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    return interact(issuer, people, provider, request, response).catch((error) => {
      send(response, 400, errorPage(issuer.kind, { error: error.message }));
    });
  });
  server.listen(issuer.port, '127.0.0.1', () => console.log(`${issuer.kind} ready at ${issuer.url}`));
  server.on('error', (error) => { console.error(error.message); process.exit(1); });
}

const { issuers, people } = JSON.parse(process.env.ISSUERS);
issuers.forEach((issuer) => serve(issuer, people));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
