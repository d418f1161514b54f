package zimg

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAPictureIsDrawnOnceAndFoundAfterwards(t *testing.T) {
	canvas, generator := generatorWith(t, memory(t))
	drawn := generated(t, generator, request("a red circle"))
	equal(t, "the outcome", must(drawn.Report()).Outcome, OutcomeDrawn)
	equal(t, "the size", drawn.Size(), Size{64, 64})
	equal(t, "the format", drawn.Format(), ImageFormatPNG)
	check0(generator.Drain())
	check0(drawn.RefreshStored())
	equal(t, "stored", must(drawn.Report()).Stored, StoredYes)
	found := generated(t, generator, request("a red circle"))
	equal(t, "a hit", found.IsHit(), true)
	if !bytes.Equal(must(found.Bytes()), must(drawn.Bytes())) {
		t.Fatal("a hit has other bytes than the miss")
	}
	equal(t, "drawings", atomic.LoadInt32(&canvas.drawings), 1)
	picture := must(DecodePicture(must(found.Bytes())))
	if !bytes.Equal(picture.RGB, pixels(64, 64, 42, "a red circle")) {
		t.Fatal("the pixels are not those that were painted")
	}
}

func TestOctetsAreViewedCopiedAndShared(t *testing.T) {
	_, generator := generatorWith(t, nil)
	drawn := generated(t, generator, request("a"))
	copied := must(drawn.Bytes())
	var written bytes.Buffer
	equal(t, "octets written", must(drawn.WriteTo(&written)), int64(len(copied)))
	shared := must(drawn.Share())
	defer shared.Close()
	check0(drawn.Close())
	check0(shared.View(func(octets []byte) error {
		if !bytes.Equal(octets, copied) || !bytes.Equal(octets, written.Bytes()) {
			t.Error("the octets differ")
		}
		return nil
	}))
	refused(t, StatusClosed, drawn.View(func([]byte) error { return nil }))
}

func TestAReportTellsHowThePictureCameAbout(t *testing.T) {
	_, generator := generatorWith(t, memory(t))
	asked := request("  a   red circle ")
	asked.Seed, asked.Steps, asked.Guidance = Set(uint64(7)), Set(uint32(5)), Set(2.0)
	asked.Namespace = Set("gallery")
	report := must(generated(t, generator, asked).Report())
	equal(t, "the seed", report.Seed, 7)
	equal(t, "the steps", report.Steps, 5)
	equal(t, "the guidance", report.Guidance, 2.0)
	equal(t, "the namespace", report.Namespace, "gallery")
	equal(t, "the model", report.Model, generator.ModelName())
	equal(t, "built in", generator.IsBuiltinModel(), true)
	if len(report.Folded) == 0 || len(report.Warnings) != 0 || len(report.Tags) != 0 {
		t.Fatalf("folded %v, warnings %v, tags %v", report.Folded, report.Warnings, report.Tags)
	}
	equal(t, "flat", report.IsFlat || report.IsFiltered || report.IsConverted, false)
	equal(t, "the digest's length", len(report.PayloadSHA256), 64)
	equal(t, "the stage", report.Stage(StageDenoise), 12500*time.Microsecond)
	equal(t, "a stage that did not run", report.Stage(StageLoad), 0)
}

func TestEveryFieldReachesTheKey(t *testing.T) {
	_, generator := generatorWith(t, nil)
	key := func(change func(*Request)) Key {
		asked := request("a circle")
		change(&asked)
		return must(generator.Key(context.Background(), asked))
	}
	plain := key(func(*Request) {})
	guided := key(func(r *Request) { r.Guidance = Set(2.0) })
	for name, change := range map[string]func(*Request){
		"prompt":        func(r *Request) { r.Prompt = "another" },
		"size":          func(r *Request) { r.Size = &Size{128, 64} },
		"steps":         func(r *Request) { r.Steps = Set(uint32(3)) },
		"guidance":      func(r *Request) { r.Guidance = Set(1.5) },
		"schedule":      func(r *Request) { r.Schedule = ScheduleLegacyZeroEnd },
		"seed":          func(r *Request) { r.Seed = Set(uint64(0)) },
		"tiling":        func(r *Request) { r.VAETiling = true },
		"namespace":     func(r *Request) { r.Namespace = Set("other") },
		"negative":      func(r *Request) { r.Guidance, r.NegativePrompt = Set(2.0), "blur" },
		"normalization": func(r *Request) { r.Guidance, r.GuidanceNormalization = Set(2.0), Set(1.0) },
		"truncation":    func(r *Request) { r.Guidance, r.GuidanceTruncation = Set(2.0), Set(0.5) },
		"match level":   func(r *Request) { r.Prompt, r.MatchLevel = "a  circle", Set(MatchLevelExact) },
	} {
		if found := key(change); found == plain || found == guided {
			t.Errorf("%s does not reach the key", name)
		}
	}
	equal(t, "a folded prompt's key", key(func(r *Request) { r.Prompt = "a  circle" }), plain)
}

func TestAPictureHasTheFormatThatIsAskedForAndSaysWhatItShows(t *testing.T) {
	_, generator := generatorWith(t, memory(t))
	asked := request("a circle")
	asked.Format, asked.JPEGQuality, asked.SpliceParameters = Set(ImageFormatJPEG), Set(int32(80)), true
	facts := must(ReadPictureFacts(must(generated(t, generator, asked).Bytes())))
	equal(t, "the format", facts.Format, ImageFormatJPEG)
	equal(t, "the width", facts.Width, 64)
	asked.Format = nil
	facts = must(ReadPictureFacts(must(generated(t, generator, asked).Bytes())))
	for _, each := range facts.Texts {
		if each.Keyword == "parameters" && strings.Contains(each.Text, "a circle") {
			return
		}
	}
	t.Fatalf("no parameters among %v", facts.Texts)
}

func TestCacheModesAreObeyed(t *testing.T) {
	canvas, generator := generatorWith(t, memory(t))
	with := func(mode CacheMode) Request {
		asked := request("a")
		asked.CacheMode = mode
		return asked
	}
	_, err := generator.Generate(context.Background(), with(CacheModeOnlyIfCached))
	refused(t, StatusNotFound, err)
	equal(t, "no store", outcome(t, generator, with(CacheModeNoStore)), OutcomeDrawn)
	equal(t, "bypass", outcome(t, generator, with(CacheModeBypass)), OutcomeDrawn)
	equal(t, "normal", outcome(t, generator, with(CacheModeNormal)), OutcomeDrawn)
	equal(t, "only if cached", outcome(t, generator, with(CacheModeOnlyIfCached)), OutcomeHit)
	equal(t, "refresh", outcome(t, generator, with(CacheModeRefresh)), OutcomeDrawn)
	random := request("a")
	random.RandomSeed = true
	equal(t, "random", outcome(t, generator, random), OutcomeDrawn)
	equal(t, "random again", outcome(t, generator, random), OutcomeDrawn)
	equal(t, "drawings", atomic.LoadInt32(&canvas.drawings), 6)
}

func TestKeysAreTextAndBackAndAreExplained(t *testing.T) {
	_, generator := generatorWith(t, nil)
	key := must(generator.Key(context.Background(), request("a circle")))
	equal(t, "the key", must(ParseKey(strings.ToUpper(key.String()))), key)
	_, err := ParseKey("12")
	refused(t, StatusInvalidArgument, err)
	fields := must(generator.ExplainKey(context.Background(), request("a circle")))
	dead := 0
	for _, field := range fields {
		if field.Name == "prompt" && (!field.IsLive || !strings.Contains(field.Value, "a circle") || field.Tag == 0) {
			t.Fatalf("%+v", field)
		}
		if !field.IsLive {
			dead++
		}
	}
	if dead == 0 || dead == len(fields) {
		t.Fatalf("%d of %d fields are not live", dead, len(fields))
	}
}

func TestKeysOfTheArticleAreThoseOfItsText(t *testing.T) {
	config := `{"resolution": "1024x1024", "steps": 8, "cfg_scale": 1.0, "model_version": "z-image-turbo"}`
	json := `{"prompt": "a cat", "config": ` + config + `}`
	equal(t, "the key", must(ArticleKey("a cat", "", config)), must(ArticleKeyOfJSON(json)))
	equal(t, "the text", must(ArticleText("a cat", "", config)), must(ArticleTextOfJSON(json)))
	_, err := ArticleKey("a cat", "", "{")
	refused(t, StatusInvalidArgument, err)
	_, err = ArticleTextOfJSON("[]")
	refused(t, StatusInvalidArgument, err)
}

func TestProgressAndPreviewsAreTold(t *testing.T) {
	canvas, generator := generatorWith(t, nil)
	atomic.StoreInt32(&canvas.steps, 3)
	var seen []uint32
	asked := request("a")
	asked.Preview = true
	asked.Progress = func(progress Progress) {
		if progress.Steps != 3 || progress.Preview == nil || len(progress.Preview.RGB) != 96 {
			t.Errorf("%+v", progress)
		}
		seen = append(seen, progress.Step)
	}
	generated(t, generator, asked)
	if len(seen) != 4 || seen[0] != 0 || seen[3] != 3 {
		t.Fatalf("%v", seen)
	}
}

func TestMetricsAndTracesTellWhatHappened(t *testing.T) {
	_, options := painted()
	var mutex sync.Mutex
	var events []TraceEvent
	options.TracePrompts = true
	options.Trace = func(event TraceEvent) {
		mutex.Lock()
		defer mutex.Unlock()
		events = append(events, event)
	}
	generator := generatorOf(t, options, memory(t))
	equal(t, "first", outcome(t, generator, request("a")), OutcomeDrawn)
	equal(t, "second", outcome(t, generator, request("a")), OutcomeHit)
	equal(t, "events", len(events), 2)
	equal(t, "the kinds", [2]TraceKind{events[0].Kind, events[1].Kind}, [2]TraceKind{TraceKindMiss, TraceKindHit})
	if events[0].Prompt != "a" || len(events[0].KeyPrefix) != 12 || events[0].JSON[0] != '{' ||
		events[0].Namespace != "default" || events[0].At.Year() < 2020 || events[0].Stage(StageTotal) <= 0 {
		t.Fatalf("%+v", events[0])
	}
	metrics := must(generator.Metrics())
	defer metrics.Close()
	equal(t, "hits", metrics.Count(CountHits), 1)
	equal(t, "stored", metrics.Count(CountStored), 1)
	equal(t, "the hit rate", metrics.HitRate(), 0.5)
	equal(t, "buckets", len(metrics.Buckets(HistogramHit)), len(HistogramBounds())+1)
	if metrics.Saved() <= 0 || metrics.Sum(HistogramHit) <= 0 || metrics.Quantile(HistogramHit, 0.5) <= 0 {
		t.Fatal("a latency is missing")
	}
	if !strings.Contains(must(metrics.Prometheus()), "zimg_") {
		t.Fatal("no text for Prometheus")
	}
}

func TestTheLibrarySaysWhatItIs(t *testing.T) {
	equal(t, "the parts of the version", len(strings.Split(Version(), ".")), 3)
	major, minor := ABIVersion()
	if major != 0 || minor < 1 {
		t.Fatalf("ABI %d.%d", major, minor)
	}
	must(DefaultCachePath())
	equal(t, "a name", StatusBadModel.String(), "bad_model")
	equal(t, "a name", OutcomeHit.String()+StoredYes.String()+TraceKindHit.String(), "hityeshit")
	equal(t, "a name", PrewarmEndAllDone.String(), "all done")
	_, err := LocateEngine(Options{EnginePath: "/nowhere/libzimg_torch.so"})
	refused(t, StatusNotFound, err)
	_ = HasFeature(FeatureEngine)
}

func TestAModelFolderIsInspectedAndRead(t *testing.T) {
	path := must(BuiltinModelPath())
	model := must(InspectModel(path, true))
	if len(model.Problems) != 0 || len(model.Parts) != 3 || len(model.Identity) != 64 || model.SizeStep == 0 ||
		len(model.Parts[0].Files) == 0 || model.Parts[0].Bytes == 0 || model.Steps == 0 {
		t.Fatalf("%+v", model)
	}
	tokenizer := must(OpenTokenizer(path))
	defer tokenizer.Close()
	ids := must(tokenizer.Encode("a red circle"))
	var text []byte
	for _, id := range ids {
		text = append(text, must(tokenizer.Piece(id))...)
	}
	equal(t, "the text", string(text), "a red circle")
	equal(t, "an unused id's octets", len(must(tokenizer.Piece(1<<32-1))), 0)
	if len(must(tokenizer.EncodePrompt("a red circle"))) <= len(ids) {
		t.Fatal("the prompt's template is missing")
	}
	told := 0
	out := filepath.Join(t.TempDir(), "model")
	check0(ConvertModel(path, out, WeightTypeFP32, func(done, total uint64) { told++ }))
	equal(t, "problems", len(must(InspectModel(out, false)).Problems), 0)
	if told == 0 {
		t.Fatal("no progress was told")
	}
	refused(t, StatusInternal, ConvertModel(path, out+"2", WeightTypeFP32, func(done, total uint64) { panic("no") }))
}

func TestKeywordListsRefuseTagAndKeepFromStoring(t *testing.T) {
	words := filepath.Join(t.TempDir(), "words")
	check0(os.WriteFile(words, []byte("gun\n"), 0600))
	ask := func(action KeywordAction, tag string) (Report, error) {
		_, options := painted()
		options.Keywords = []Keywords{{words, action, tag}}
		generator, err := NewGenerator(options, nil)
		if err != nil {
			return Report{}, err
		}
		defer generator.Close()
		drawn, err := generator.Generate(context.Background(), request("a gun"))
		if err != nil {
			return Report{}, err
		}
		defer drawn.Close()
		return drawn.Report()
	}
	_, err := ask(KeywordActionRefuse, "")
	refused(t, StatusRefused, err)
	equal(t, "the tag", must(ask(KeywordActionTag, "arms")).Tags[0], "arms")
	equal(t, "filtered", must(ask(KeywordActionNoStore, "")).IsFiltered, true)
	_, err = ask(KeywordActionTag, "")
	refused(t, StatusInvalidArgument, err)
}

func TestOptionsReachTheGenerator(t *testing.T) {
	_, options := painted()
	options.CacheURL, options.RequiresCache = "memory:", true
	options.Device, options.Precision, options.Threads = DeviceCPU, PrecisionFP32, 1
	options.Fingerprint, options.Kept = FingerprintStrict, KeptDelivered
	options.DrawingsAtOnce, options.PendingStores = Set(uint32(2)), Set(uint32(3))
	options.Patience = Set(5 * time.Millisecond)
	options.NamespaceSecrets = []NamespaceSecret{{"gallery", []byte("a secret of enough octets, I hope")}}
	generator := generatorOf(t, options, nil)
	equal(t, "first", outcome(t, generator, request("a")), OutcomeDrawn)
	equal(t, "second", outcome(t, generator, request("a")), OutcomeHit)
	options.CacheURL = "lmdb:/proc/nowhere"
	if _, err := NewGenerator(options, nil); err == nil {
		t.Fatal("a required cache was done without")
	}
	options.RequiresCache, options.Model = false, "/nowhere"
	if _, err := NewGenerator(options, nil); err == nil {
		t.Fatal("a model that is not there was opened")
	}
}

func TestReportsAreReadWhileTheyAreRefreshed(t *testing.T) {
	backend := newShelf()
	atomic.StoreInt32(&backend.fails, 1)
	cache := must(WrapCache(backend, "a shelf"))
	closing(t, cache)
	_, generator := generatorWith(t, cache)
	result := generated(t, generator, request("a"))
	check0(generator.Drain())
	check0(result.RefreshStored())
	note := must(result.Report()).StoreNote
	var all sync.WaitGroup
	for i := 0; i < 4; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for j := 0; j < 2000; j++ {
				check0(result.RefreshStored())
				if found := must(result.Report()).StoreNote; found != note {
					t.Errorf("%q is expected, not %q", note, found)
					return
				}
			}
		}()
	}
	all.Wait()
}
