// The page is whole without this: it only spares people a reload. Whatever fails here fails silently.
(() => {
  'use strict';
  const box = document.getElementById('notices');
  const changed = document.getElementById('changed');
  if (!box || !changed || !window.EventSource) return;

  const list = box.querySelector('ul');
  const documents = (id) => id.split('.')[1];
  const here = documents(box.dataset.seen);
  let seen = box.dataset.seen;
  let source = null;
  let timer = 0;
  let wait = 0;
  let over = false;

  const told = (event) => {
    seen = event.lastEventId;
    changed.hidden = documents(seen) === here;
  };

  const element = (name, text) => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };

  const item = (notice) => {
    const made = document.createElement('li');
    made.dataset.id = notice.id;
    made.append(element('time', notice.when), element('p', notice.text));
    return made;
  };

  // Only what is new is put in, so that a screen reader says that and nothing else.
  const show = (event) => {
    told(event);
    const notices = JSON.parse(event.data);
    const kept = new Set(notices.map((notice) => String(notice.id)));
    for (const old of [...list.children]) if (!kept.has(old.dataset.id)) old.remove();
    notices.forEach((notice, n) => {
      const there = list.children[n];
      if (!there || there.dataset.id !== String(notice.id)) list.insertBefore(item(notice), there || null);
    });
    box.hidden = notices.length === 0;
  };

  const close = () => {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  };

  const open = () => {
    close();
    source = new EventSource(box.dataset.live + '?seen=' + seen);
    source.onopen = () => (wait = 0);
    source.addEventListener('notices', show);
    source.addEventListener('documents', told);
    source.addEventListener('end', () => {
      over = true;
      close();
    });
    // A line that breaks is taken up again by the browser. An answer that is no stream ends it: then ask again, ever
    // more seldom, and not all at once.
    source.onerror = () => {
      if (!source || source.readyState !== EventSource.CLOSED) return;
      wait = Math.min(2 * wait || 5e3, 3e5);
      timer = setTimeout(open, wait * (0.5 + Math.random()));
    };
  };

  // A phone in a pocket holds no line; it asks when it is looked at again.
  const look = () => (document.hidden || over ? close() : open());
  document.addEventListener('visibilitychange', look);
  look();
})();
