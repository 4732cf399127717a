import sys, time, random, os
from pathlib import Path
from indexer.reindex import reindex, Options
from indexer.engines.whoosh.store import WhooshStore
from indexer.engines.whoosh import segments

seeds, index = Path("/tmp/w/age/seeds"), Path("/tmp/w/age/index")
r = random.Random(5)
files = sorted(seeds.rglob("*.md"))
b = time.time()
reindex(seeds, WhooshStore(index), Options())
print("first", time.time() - b, flush=True)
runs = int(sys.argv[1])
lat = []
for n in range(runs):
    for f in r.sample(files, r.choice((1, 1, 1, 2, 5, 20))):
        t = f.read_text()
        f.write_text(
            t.replace('title: "', 'title: "Again ', 1)
            if r.random() < 0.5
            else t.replace('excerpt: "', 'excerpt: "More ', 1)
        )
    b = time.time()
    rep = reindex(seeds, WhooshStore(index), Options())
    lat.append(time.time() - b)
    if n % 50 == 49 or n < 3:
        g = index / (index / "CURRENT").read_text().strip()
        from whoosh.index import TOC
        from whoosh.filedb.filestore import FileStorage
        from indexer.engines.whoosh.schema import schema

        toc = TOC.read(FileStorage(str(g)), "MAIN", schema=schema())
        print(
            n + 1,
            [(s.doc_count(), s.deleted_count()) for s in toc.segments],
            f"mean {sum(lat[-50:]) / len(lat[-50:]):.2f}s",
            sum(p.stat().st_size for p in g.iterdir()) / 1e6,
            "MB",
            dict(rep.changes),
            flush=True,
        )
