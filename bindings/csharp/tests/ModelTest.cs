using System;
using System.Linq;

namespace Zimg.Tests
{
    public sealed class ModelTest : WithGenerator
    {
        public void LooksAtModels()
        {
            Model found = Model.Inspect(Painter.Model, true);
            Check.True(found.IsSound, "the model is sound");
            Check.Equal("formula", found.Name);
            Check.Equal(64, found.Identity.Length);
            Check.Equal("text_encoder transformer vae", string.Join(" ", found.Parts.Select(part => part.Role)));
            Check.True(found.Parts[0].Files.Count > 0, "a part has files");
            Check.True(Model.Inspect(Model.BuiltinPath).IsSound, "the built-in model is sound");
        }

        public void ConvertsModels()
        {
            ulong done = 0;
            ulong total = 1;
            string target = Folder.Path + "/converted";
            Model.Convert(Painter.Model, target, WeightType.Bf16, (now, all) => { done = now; total = all; });
            Check.Holds("BF16", Model.Inspect(target).Parts[1].Dtypes.ToUpperInvariant());
            Check.Equal(total, done);
        }

        public void ReadsTextAsTheModelDoes()
        {
            using (var tokenizer = new Tokenizer(Painter.Model))
            {
                uint[] ids = tokenizer.Encode("a red circle");
                byte[] pieces = ids.SelectMany(id => tokenizer.Piece(id)).ToArray();
                Check.Equal("a red circle", System.Text.Encoding.UTF8.GetString(pieces));
                Check.True(tokenizer.Encode("a red circle", true).Length > ids.Length, "a prompt has its template");
            }
        }

        public void ReadsPictureFiles()
        {
            Request request = Painter.Small();
            request.SpliceParameters = true;
            using (Result result = Generator.Generate(request))
            {
                PictureFacts facts = PictureFacts.Read(result.Bytes);
                Check.Equal(ImageFormat.Png, facts.Format);
                Check.Equal(64, facts.Width);
                Check.Equal("parameters zimg", string.Join(" ", facts.Texts.Select(text => text.Key)));
            }
        }

        public void SaysWhatItIs()
        {
            Check.Equal(2, Library.Version.Count(letter => letter == '.'));
            Check.True(Library.AbiVersion >= new Version(0, 1), "its ABI is known");
            Library.Has(Feature.Engine);
            Check.True(Cache.DefaultPath.EndsWith("zimg/pictures"), "the default store has its place");
        }
    }
}
