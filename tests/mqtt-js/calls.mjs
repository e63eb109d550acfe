// node calls.mjs TCP-URL WS-URL USER PASSWORD: prints what worked as JSON; ends with 1 and the reason otherwise.
import assert from "node:assert/strict";
import mqtt from "mqtt";

const [tcp, ws, username, password] = process.argv.slice(2);
const patience = 20_000;

const within = (promise, what) =>
  Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error(`${what} did not come`)), patience).unref())]);

async function connect(url, protocolVersion, clientId, more = {}) {
  const client = await within(
    mqtt.connectAsync(url, { protocolVersion, clientId, username, password, reconnectPeriod: 0, ...more }), `${clientId}: CONNACK`);
  const heard = [], waiting = [];
  client.on("message", (topic, payload, packet) => {
    const message = { topic, text: payload.toString(), qos: packet.qos, retain: packet.retain };
    if (waiting.length > 0) waiting.shift()(message);
    else heard.push(message);
  });
  client.hear = () => within(heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise(done => waiting.push(done)), `${clientId}: a message`);
  return client;
}

async function play(url, version) {
  const base = `js/${new URL(url).protocol.slice(0, -1)}${version}`;
  const name = base.replaceAll("/", "-");
  const speaker = await connect(url, version, `${name}-speaker`);
  await speaker.publishAsync(`${base}/kept`, "retained", { qos: 1, retain: true });

  const listener = await connect(url, version, `${name}-listener`);
  const granted = await listener.subscribeAsync(`${base}/#`, { qos: 2 });
  assert.deepEqual(granted.map(g => g.qos), [2]);
  assert.deepEqual(await listener.hear(), { topic: `${base}/kept`, text: "retained", qos: 1, retain: true });

  for (const qos of [0, 1, 2]) {
    await speaker.publishAsync(`${base}/t`, `message ${qos}`, { qos });
    assert.deepEqual(await listener.hear(), { topic: `${base}/t`, text: `message ${qos}`, qos, retain: false });
  }

  const mortal = await connect(url, version, `${name}-mortal`, { will: { topic: `${base}/will`, payload: "gone", qos: 1, retain: false } });
  mortal.stream.destroy();
  assert.deepEqual(await listener.hear(), { topic: `${base}/will`, text: "gone", qos: 1, retain: false });

  await speaker.publishAsync(`${base}/kept`, "", { qos: 1, retain: true });
  await Promise.all([speaker.endAsync(), listener.endAsync()]);
}

const worked = [];
for (const [transport, url] of [["tcp", tcp], ["ws", ws]]) {
  for (const version of [4, 5]) {
    await play(url, version);
    worked.push([transport, version]);
  }
}
console.log(JSON.stringify(worked));
process.exit(0);
