package zimg

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAStoreIsFoundAgainByTheNextOneThatOpensIt(t *testing.T) {
	policy := must(NewPolicy())
	defer policy.Close()
	options := LMDBOptions{
		Path: filepath.Join(t.TempDir(), "store"), CapacityBytes: 16 << 20, LockTimeout: Set(50 * time.Millisecond),
		AllowNetwork: true, Policy: policy,
		NamespaceSecrets: []NamespaceSecret{{"secret", []byte("a secret of enough octets, I hope")}},
	}
	first := must(OpenLMDB(options))
	second := must(OpenLMDB(options)) // two of one store in one process
	must(first.Store(key(1), entry("one", "secret", "")))
	equal(t, "the payload", string(must(second.Find(key(1))).Payload), "one")
	tally := must(first.Verify(context.Background(), nil))
	equal(t, "listed", tally.Count(CountListed), 1)
	equal(t, "damages of its records", tally.Count(CountTreeDamages), 0)
	tally = must(VerifyStore(context.Background(), options, nil)) // they may have it open
	equal(t, "octets", tally.Count(CountPayloadBytes), 3)
	wrong := LMDBOptions{Path: options.Path, NamespaceSecrets: []NamespaceSecret{{"secret", []byte("another secret")}}}
	tally = must(VerifyStore(context.Background(), wrong, nil))
	equal(t, "unreadable", tally.Count(CountUnreadable), 1)
	check0(first.Close())
	check0(second.Close())
	tally = must(RebuildStore(context.Background(), options, nil))
	equal(t, "listed", tally.Count(CountListed), 1)
	equal(t, "damages of its records", tally.Count(CountTreeDamages), 0)
	equal(t, "entries", tally.Count(CountEntries), 1)
	equal(t, "lost", tally.Count(CountLost), 0)
	options.CapacityBytes = 32 << 20
	check0(ResizeStore(options))
	again := must(OpenLMDB(LMDBOptions{URL: "lmdb:" + options.Path}))
	defer again.Close()
	stats := must(again.Stats())
	equal(t, "the capacity", stats.Count(CountCapacityBytes), 32<<20)
	_, err := OpenLMDB(LMDBOptions{URL: "memory:"})
	refused(t, StatusInvalidArgument, err)
}

// A slice may be a part of something that holds pointers, which cgo lets no C function look at.
func TestSecretsAndPicturesMayBePartsOfOtherThings(t *testing.T) {
	tenant := &struct {
		name    string
		secret  [40]byte
		picture [1 << 16]byte
	}{name: "secret"}
	copy(tenant.secret[:], "a secret of enough octets, I hope")
	policy := must(NewPolicy())
	defer policy.Close()
	check0(policy.AddNamespaceSecret(tenant.name, tenant.secret[:]))
	secrets := []NamespaceSecret{{tenant.name, tenant.secret[:]}}
	store := must(OpenLMDB(LMDBOptions{Path: filepath.Join(t.TempDir(), "store"), NamespaceSecrets: secrets}))
	defer store.Close()
	_, options := painted()
	options.NamespaceSecrets = secrets
	picture := generated(t, generatorOf(t, options, store), request("a"))
	size := copy(tenant.picture[:], must(picture.Bytes()))
	equal(t, "the width", must(DecodePicture(tenant.picture[:size])).Width, 64)
	equal(t, "the facts", must(ReadPictureFacts(tenant.picture[:size])).Width, 64)
}

func TestAPolicyHasTheSecretsOfACacheURL(t *testing.T) {
	url := "lmdb:" + filepath.Join(t.TempDir(), "store") + "?size=16MiB&encrypt=1"
	policy := must(NewPolicy())
	defer policy.Close()
	for _, without := range []*Policy{nil, policy} {
		_, err := OpenCache(url, without)
		if !strings.Contains(refused(t, StatusInvalidArgument, err), "encrypt=1") {
			t.Fatal(err)
		}
	}
	check0(policy.AddNamespaceSecret("secret", []byte("a secret of enough octets, I hope")))
	cache := must(OpenCache(url, policy))
	must(cache.Store(key(1), entry("one", "secret", "")))
	check0(cache.Close())
	// Who has another secret has no such picture; of a policy's and the options' own, the options' own is taken.
	others := LMDBOptions{URL: url, Policy: policy, NamespaceSecrets: []NamespaceSecret{{"secret", []byte("another secret")}}}
	for _, options := range []LMDBOptions{{URL: url, Policy: policy}, others} {
		again := must(OpenLMDB(options))
		equal(t, "found", must(again.Find(key(1))) != nil, options.NamespaceSecrets == nil)
		check0(again.Close())
	}
}

func TestVerifyingAStoreTellsOfDamageAndStops(t *testing.T) {
	options := LMDBOptions{Path: filepath.Join(t.TempDir(), "store"), CapacityBytes: 16 << 20}
	_, err := VerifyStore(context.Background(), options, nil)
	refused(t, StatusNotFound, err)
	cache := must(OpenLMDB(options))
	for i := byte(0); i < 3; i++ {
		must(cache.Store(key(i), entry(strings.Repeat(string(rune('a'+i)), 20_000), "default", "")))
	}
	check0(cache.Close())
	file := filepath.Join(options.Path, "data.mdb")
	data := must(os.ReadFile(file))
	data[strings.Index(string(data), strings.Repeat("b", 2000))] = 'x'
	check0(os.WriteFile(file, data, 0o600))
	stopped, cancel := context.WithCancel(context.Background())
	_, err = VerifyStore(stopped, options, func(Tally) { cancel() })
	refused(t, StatusCancelled, err)
	tally := must(VerifyStore(context.Background(), options, nil))
	equal(t, "entries", tally.Count(CountEntries), 3)
	equal(t, "corrupt", tally.Count(CountCorrupt), 1)
	tally = must(VerifyStore(context.Background(), options, nil))
	equal(t, "entries", tally.Count(CountEntries), 2)
}
