/* The button that keeps the course for reading and practising without a network, and forgets it again. */
import {button} from "./dom.js";

const SCRIPT = "offline.js"; // in the site's root: a service worker serves what lies below it

/* root: the site's; message: where it is said. Nothing where the browser has no service workers. */
export function offlineButton(root, message) {
  const {serviceWorker} = navigator;
  if (!serviceWorker) return [];
  const press = button("Keep offline", async () => {
    press.disabled = true;
    const registration = await ours();
    await (registration ? forget(registration) : keep());
    press.disabled = false;
  });
  const ours = async () => {
    const registration = await serviceWorker.getRegistration(root);
    return registration?.scope === root.href ? registration : null;
  };
  const label = kept => {
    press.textContent = kept ? "Forget offline copy" : "Keep offline";
    press.setAttribute("aria-label", press.textContent);
  };

  async function keep() {
    message.textContent = "The course and Python are being kept, which may take a minute …";
    try {
      const registration = await serviceWorker.register(new URL(SCRIPT, root), {scope: root.pathname});
      await installed(registration);
      label(true);
      const {usage} = await navigator.storage.estimate();
      message.textContent = `Kept, in ${Math.round(usage / 1e6)} MB: this course can be read and practised without a network.`;
    } catch {
      await (await ours())?.unregister();
      message.textContent = "It could not be kept: is there a network, and room in the browser's storage?";
    }
  }

  async function forget(registration) {
    await registration.unregister();
    for (const name of await caches.keys()) {
      if (name.startsWith(`course:${root.pathname}:`)) await caches.delete(name);
    }
    label(false);
    message.textContent = "Forgotten: this course comes from the network again.";
  }

  ours().then(registration => label(!!registration));
  return [press];
}

function installed({installing, active}) {
  if (!installing) return active;
  return new Promise((resolve, reject) => {
    installing.addEventListener("statechange", () => {
      if (installing.state === "activated") resolve();
      if (installing.state === "redundant") reject(new Error("not installed"));
    });
  });
}
