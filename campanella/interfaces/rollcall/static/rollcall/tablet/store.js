// What the tablet keeps, in IndexedDB. A promise is fulfilled only when the disk has it: nothing is shown as done before.
//   kept    single things by name: the device and its keys, counters, the encrypted days, the keys behind the PINs
//   marks   one row for each mark, by its id, in the order of its count (seq)

const NAME = "campanella-tablet";
let opening = null;

// The mark is not on the disk, most often because there is no room: the person is told, and it is not shown as done.
export class NotStored extends Error {}

function database() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("marks", { keyPath: "event_id" }).createIndex("seq", "seq", { unique: true });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opening = null; };
      asked.result.onclose = () => { opening = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opening = null; reject(new NotStored(asked.error?.name)); };
  });
  return opening;
}

// Do something in one transaction, and return what it gave once all of it is on the disk; what fails undoes all of it.
async function within(stores, mode, work) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(stores, mode, mode === "readwrite" ? { durability: "strict" } : {});
    let given;
    transaction.oncomplete = () => resolve(given);
    transaction.onabort = () => reject(new NotStored(transaction.error?.name));
    try {
      work(transaction, (value) => { given = value; });
    } catch (failure) {
      transaction.abort();
      reject(new NotStored(failure.name));
    }
  });
}

function writing(stores, work) {
  return within(stores, "readwrite", work);
}

export function get(name) {
  return within(["kept"], "readonly", (tx, give) => {
    tx.objectStore("kept").get(name).onsuccess = ({ target }) => give(target.result);
  });
}

export function put(name, value) {
  return writing(["kept"], (tx) => tx.objectStore("kept").put(value, name));
}

export function remove(name) {
  return writing(["kept"], (tx) => tx.objectStore("kept").delete(name));
}

// A counter that grows by one and is never given twice, whichever tab asks.
export function next(name) {
  return writing(["kept"], (tx, give) => count(tx, name, give));
}

function count(tx, name, then) {
  const kept = tx.objectStore("kept");
  kept.get(name).onsuccess = ({ target }) => {
    const number = (target.result ?? 0) + 1;
    kept.put(number, name);
    then(number);
  };
}

// Keep a mark under the next count; it is there with its count, or it is not there.
export function addMark(mark) {
  return writing(["kept", "marks"], (tx, give) => {
    count(tx, "seq", (seq) => {
      const row = { ...mark, seq };
      tx.objectStore("marks").add(row);
      give(row);
    });
  });
}

export function marks() {
  return within(["marks"], "readonly", (tx, give) => {
    tx.objectStore("marks").index("seq").getAll().onsuccess = ({ target }) => give(target.result);
  });
}

// Note what the server has said of some marks.
export function answer(answers) {
  return writing(["marks"], (tx) => {
    const rows = tx.objectStore("marks");
    for (const { event_id, ...said } of answers) {
      rows.get(event_id).onsuccess = ({ target }) => { if (target.result) rows.put({ ...target.result, ...said }); };
    }
  });
}

export function forgetMarks(ids) {
  return writing(["marks"], (tx) => { for (const id of ids) tx.objectStore("marks").delete(id); });
}

// Forget everything: the tablet was revoked.
export async function wipe() {
  (await database()).close();
  opening = null;
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
}
