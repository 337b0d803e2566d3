// Does with PocketBase's own client what other programs do: signs in, lists,
// changes what it may, and is refused what it may not.
import PocketBase, { ClientResponseError } from "pocketbase";

const [url, email, password] = process.argv.slice(2);
const pb = new PocketBase(url);
pb.autoCancellation(false);

// status is what the hub answers to a request that should fail.
async function status(request) {
  try {
    await request;
    return 200;
  } catch (error) {
    if (error instanceof ClientResponseError) return error.status;
    throw error;
  }
}

const seen = {};
seen.guest = (await pb.collection("programmes").getList(1, 30)).items.length;
seen.wrong = await status(pb.collection("users").authWithPassword(email, "salah"));

const { record } = await pb.collection("users").authWithPassword(email, password);
seen.person = record.email;
seen.valid = pb.authStore.isValid;

const programmes = await pb.collection("programmes").getFullList({ sort: "name", expand: "owner" });
seen.programmes = programmes.map((programme) => programme.slug);
seen.owner = programmes[0].expand.owner.name;

const task = await pb.collection("tasks").getFirstListItem(pb.filter("title = {:title}", { title: "Jadwal home visit" }));
seen.state = (await pb.collection("tasks").update(task.id, { state: "in_progress" })).state;
seen.retitled = await status(pb.collection("tasks").update(task.id, { title: "Lain" }));
seen.settings = await status(pb.collection("hub_settings").getList(1, 30));

await pb.collection("users").authRefresh();
seen.refreshed = pb.authStore.isValid;
pb.authStore.clear();
seen.after = (await pb.collection("programmes").getList(1, 30)).items.length;

console.log(JSON.stringify(seen));
