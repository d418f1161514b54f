// Runs the tests of this assembly, or those of the class that is named: public methods with no parameters of the classes
// that end in Test. Ends as Python's unittest does, which cmake/setup/count_tests.py reads.
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace Zimg.Tests
{
    internal static class TestRunner
    {
        private static int Main(string[] arguments)
        {
            var watch = Stopwatch.StartNew();
            int run = 0;
            int failed = 0;
            foreach (Type type in Assembly.GetExecutingAssembly().GetTypes().OrderBy(type => type.Name))
            {
                if (!type.Name.EndsWith("Test") || type.IsAbstract) continue;
                if (arguments.Length > 0 && !arguments.Contains(type.Name)) continue;
                foreach (MethodInfo method in type.GetMethods().OrderBy(method => method.Name))
                {
                    if (method.DeclaringType == typeof(object) || method.GetParameters().Length != 0) continue;
                    if (method.IsSpecialName || method.Name == "Dispose") continue;
                    ++run;
                    if (!Passes(type, method)) ++failed;
                }
            }
            Console.WriteLine($"Ran {run} tests in {watch.Elapsed.TotalSeconds:F3}s");
            Console.WriteLine();
            Console.WriteLine(failed == 0 && run != 0 ? "OK" : $"FAILED (failures={failed})");
            return failed == 0 && run != 0 ? 0 : 1;
        }

        private static bool Passes(Type type, MethodInfo method)
        {
            try
            {
                object subject = Activator.CreateInstance(type);
                using (subject as IDisposable)
                {
                    (method.Invoke(subject, null) as Task)?.GetAwaiter().GetResult();
                }
                return true;
            }
            catch (Exception failure)
            {
                Exception inner = (failure as TargetInvocationException)?.InnerException ?? failure;
                Console.WriteLine($"FAIL: {type.Name}.{method.Name}");
                Console.WriteLine(inner);
                return false;
            }
        }
    }

    /// <summary>What a test says.</summary>
    internal static class Check
    {
        internal static void True(bool isTrue, string what)
        {
            if (!isTrue) throw new Exception(what);
        }

        internal static void Equal<T>(T expected, T found)
        {
            True(Equals(expected, found), $"{expected} was expected, not {found}");
        }

        internal static void Same(byte[] expected, byte[] found)
        {
            True(expected.SequenceEqual(found), "the octets differ");
        }

        internal static void Holds(string part, string text)
        {
            True(text.Contains(part), $"'{part}' was expected in '{text}'");
        }

        internal static T Throws<T>(Action run) where T : Exception
        {
            try
            {
                run();
            }
            catch (T expected)
            {
                return expected;
            }
            throw new Exception($"a {typeof(T).Name} was expected");
        }

        internal static void Refused(Status status, string part, Action run)
        {
            var failure = Throws<ZimgException>(run);
            Equal(status, failure.Status);
            Holds(part, failure.Message);
        }
    }

    /// <summary>A folder that goes with the test.</summary>
    internal sealed class TemporaryFolder : IDisposable
    {
        internal readonly string Path = System.IO.Path.Combine(
            System.IO.Path.GetTempPath(), "zimg-csharp-" + Guid.NewGuid().ToString("N"));

        internal TemporaryFolder()
        {
            Directory.CreateDirectory(Path);
        }

        public void Dispose()
        {
            Directory.Delete(Path, true);
        }
    }
}
