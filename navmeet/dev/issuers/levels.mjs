// ID-porten's two levels, and when somebody who is logged in must log in again.
import { interactionPolicy } from 'oidc-provider';

export const LEVELS = ['idporten-loa-substantial', 'idporten-loa-high'];

// The lowest of the levels asked for is enough; who asks for none is content with the lowest there is.
function leastOf(acrValues) {
  const asked = (acrValues ?? '').split(' ').map((level) => LEVELS.indexOf(level)).filter((rank) => rank >= 0);
  return asked.length ? Math.min(...asked) : 0;
}

// What the person may choose among, the asked one first.
export const levelsToOffer = (acrValues) => LEVELS.slice(leastOf(acrValues));

export function policyFor(kind) {
  const policy = interactionPolicy.base();
  if (kind !== 'idporten') return policy;
  const { Check } = interactionPolicy;
  const tooLow = new Check('level_too_low', 'A higher level is needed', 'login_required', (ctx) => {
    const { session, params } = ctx.oidc;
    if (!session.accountId) return Check.NO_NEED_TO_PROMPT;
    return LEVELS.indexOf(session.acr) < leastOf(params.acr_values) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
  });
  policy.get('login').checks.add(tooLow);
  return policy;
}
