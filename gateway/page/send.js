// The box that sends a test event.

/** Follows a form of an input and an output. authorization: headers for every request. */
export function sendFrom(form, input, output, authorization) {
  const say = (words, good) => {
    output.textContent = words;
    output.dataset.good = good;
  };
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const text = input.value;
    const headers = {...authorization, 'Content-Type': isJson(text) ? 'application/json' : 'text/plain'};
    try {
      const answer = await fetch('./', {method: 'POST', body: text, headers});
      const fault = answer.ok ? '' : await answer.text();
      say(answer.ok ? `Sent, ${answer.status}` : `${answer.status} ${reason(fault)}`, answer.ok);
    } catch {
      say('Not sent: weir does not answer', false);
    }
  });
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function reason(text) {
  try {
    return JSON.parse(text).error ?? '';
  } catch {
    return '';
  }
}
