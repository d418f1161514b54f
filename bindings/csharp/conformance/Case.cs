using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Zimg.Conformance
{
    /// <summary>One case, read from the lines that flatten.py writes.</summary>
    internal sealed class Case
    {
        private readonly List<KeyValuePair<string, string>> fields = new List<KeyValuePair<string, string>>();

        internal string this[string name] => fields.Find(field => field.Key == name).Value;

        internal bool Has(string name)
        {
            return fields.Exists(field => field.Key == name);
        }

        /// <summary>The fields whose name begins so, without that, in their order.</summary>
        internal IEnumerable<KeyValuePair<string, string>> Behind(string prefix)
        {
            foreach (KeyValuePair<string, string> field in fields)
            {
                if (!field.Key.StartsWith(prefix, StringComparison.Ordinal)) continue;
                yield return new KeyValuePair<string, string>(field.Key.Substring(prefix.Length), field.Value);
            }
        }

        internal static IEnumerable<Case> ReadAll(string path)
        {
            var subject = new Case();
            foreach (string line in File.ReadAllText(path, Encoding.UTF8).Split('\n'))
            {
                if (line == "") continue;
                int tab = line.IndexOf('\t');
                string name = line.Substring(0, tab);
                if (name == "end")
                {
                    yield return subject;
                    subject = new Case();
                }
                else
                {
                    subject.fields.Add(new KeyValuePair<string, string>(name, Unescaped(line.Substring(tab + 1))));
                }
            }
        }

        private static string Unescaped(string text)
        {
            var plain = new StringBuilder();
            for (int i = 0; i < text.Length; ++i)
            {
                if (text[i] != '\\')
                {
                    plain.Append(text[i]);
                    continue;
                }
                int which = "\\nrt0".IndexOf(text[++i]);
                if (which < 0) throw new InvalidDataException("an escape that is none: " + text);
                plain.Append("\\\n\r\t\0"[which]);
            }
            return plain.ToString();
        }
    }

    /// <summary>Writes what the cases gave.</summary>
    internal sealed class Results : IDisposable
    {
        private readonly string folder;
        private readonly StreamWriter file;
        private string name;

        internal Results(string folder)
        {
            this.folder = folder;
            file = new StreamWriter(Path.Combine(folder, "results.txt"), false, new UTF8Encoding(false));
            file.NewLine = "\n";
        }

        /// <summary>"InvalidArgument" as the C API has it: "invalid_argument".</summary>
        internal static string Snake(string name)
        {
            var snake = new StringBuilder();
            foreach (char letter in name)
            {
                if (char.IsUpper(letter) && snake.Length != 0) snake.Append('_');
                snake.Append(char.ToLowerInvariant(letter));
            }
            return snake.ToString();
        }

        internal void Begin(string caseName)
        {
            name = caseName;
            Write("case", name);
        }

        internal void Write(string field, object value)
        {
            string text = value.ToString().Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r")
                .Replace("\t", "\\t").Replace("\0", "\\0");
            file.WriteLine(field + "\t" + text);
        }

        internal void WriteThousandths(string field, double number)
        {
            Write(field, (long)(number * 1000 + 0.5));
        }

        internal void WriteOctets(int number, byte[] octets)
        {
            File.WriteAllBytes(Path.Combine(folder, name + "." + number), octets);
        }

        public void Dispose()
        {
            file.Dispose();
        }
    }
}
