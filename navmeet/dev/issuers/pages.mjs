// The issuers' pages: plain, with nothing fetched, and clearly not the real thing.

const TITLES = { entra: 'Innlogging for ansatte (demo)', idporten: 'ID-porten (demo)' };
const LEVEL_NAMES = {
  'idporten-loa-substantial': 'Betydelig (substantial)',
  'idporten-loa-high': 'Høyt (high)',
};
const STYLE = `
  body { font: 1.125rem/1.5 system-ui, sans-serif; margin: 0; color: #202733; background: #f5f6f7 }
  main { max-width: 34rem; margin: 2rem auto; padding: 1.5rem; background: #fff; border-radius: .75rem }
  h1 { font-size: 1.5rem; margin-top: 0 }
  ul { list-style: none; padding: 0; margin: 1rem 0 }
  li { margin: .5rem 0 }
  button { font: inherit; width: 100%; min-height: 3rem; padding: .5rem 1rem; text-align: left; cursor: pointer;
    border: 2px solid #2176d4; border-radius: .5rem; background: #fff; color: #0e3e75 }
  button:hover { background: #e4eeff }
  button:focus-visible, input:focus-visible { outline: 3px solid #202733; outline-offset: 2px }
  button small { display: block; color: #49515e }
  fieldset { border: 1px solid #6f7785; border-radius: .5rem; margin: 1rem 0 }
  label { display: block; padding: .25rem 0; min-height: 1.75rem }
  .quiet { border-color: #6f7785; color: #202733; text-align: center }`;

const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function page(kind, heading, body) {
  return `<!doctype html>
<html lang="nb">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(heading)} – ${escape(TITLES[kind])}</title><style>${STYLE}</style><link rel="icon" href="data:,"></head>
<body><main><p>${escape(TITLES[kind])}</p><h1>${escape(heading)}</h1>${body}</main></body>
</html>`;
}

function levelChoice(levels) {
  const choices = levels.map((level, index) => `
    <label><input type="radio" name="level" value="${level}"${index ? '' : ' checked'}> ${LEVEL_NAMES[level]}</label>`);
  return `<fieldset><legend>Sikkerhetsnivå</legend>${choices.join('')}</fieldset>`;
}

export function loginPage({ kind, action, people, levels, current }) {
  const buttons = people.map((person) => `
    <li><button name="person" value="${escape(person.id)}">${escape(person.name)}
    <small>${escape(person.note)}${person.id === current ? ' – er logget inn nå' : ''}</small></button></li>`);
  return page(kind, 'Hvem vil du logge inn som?', `
<form method="post" action="${escape(action)}">
${levels.length ? levelChoice(levels) : ''}
<ul>${buttons.join('')}</ul>
<button class="quiet" name="cancel" value="1">Avbryt</button>
</form>
<p>Alle personene er oppdiktet.</p>`);
}

// The form is the provider's own; the person is not asked, as with ID-porten, but can press where scripts are off.
export function logoutPage(kind, form) {
  return page(kind, 'Du logges ut', `${form}
<button class="quiet" form="op.logoutForm" name="logout" value="yes">Logg ut</button>
<script>document.querySelector('button').click()</script>`);
}

export const loggedOutPage = (kind) => page(kind, 'Du er logget ut', '<p>Du kan lukke siden.</p>');

export function errorPage(kind, { error, error_description: description }) {
  return page(kind, 'Innloggingen stoppet', `
<p>Gå tilbake til siden du kom fra, og prøv igjen.</p><p><code>${escape(error)}</code> ${escape(description)}</p>`);
}
